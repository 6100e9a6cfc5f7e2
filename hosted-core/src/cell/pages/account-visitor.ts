import type { FastifyReply, FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import { findSession } from '../people/account-sessions-repository.ts';
import { tokenHash } from '../people/opaque-token.ts';
import type { PageDependencies } from './page-dependencies.ts';

export const PAGE = { config: { answers: 'page' } } as const;

/** Who is signed in to My data in this browser. */
export interface SignedIn {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly sessionToken: string;
  readonly sessionHash: Buffer;
  /** When they last gave their credentials. */
  readonly provedAt: Date;
}

export type FormRequest = FastifyRequest<{ Body: Readonly<Record<string, unknown>> | undefined }>;

export async function signedInPerson(
  deps: PageDependencies,
  request: FastifyRequest,
): Promise<SignedIn | undefined> {
  const { tenantId } = deps;
  const sessionToken = deps.cookies.account(request);
  if (!sessionToken) return undefined;
  const sessionHash = tokenHash(sessionToken);
  const session = await deps.database.inTenant(tenantId, (tx) =>
    findSession(tx, { tenantId, sessionHash, now: deps.now() }),
  );
  if (!session) return undefined;
  const { subjectId, authTime, forced, createdAt } = session;
  // Whoever was made to give credentials did so at the latest when the session began, whatever clock the
  // upstream goes by; else an upstream that is slow would send them round in circles.
  const provedAt = forced && createdAt > authTime ? createdAt : authTime;
  return { tenantId, subjectId, sessionToken, sessionHash, provedAt };
}

/** @throws UserrefError `csrf_rejected`, also when nobody is signed in */
export async function ownForm(deps: PageDependencies, request: FormRequest): Promise<SignedIn> {
  const person = await signedInPerson(deps, request);
  if (!person) throw new UserrefError('csrf_rejected');
  deps.csrf.check(person.sessionToken, request.body?.csrf);
  return person;
}

/**
 * Leads to the sign-in and back to a page of My data.
 * @param wish `force` asks for credentials even of somebody who is signed in
 */
export async function signInFirst(
  deps: PageDependencies,
  exchange: { request: FastifyRequest; reply: FastifyReply },
  wish: { nextStep: string; force?: true },
) {
  const { request, reply } = exchange;
  const browserHash = deps.cookies.browser(request, reply);
  const { locale } = deps.pages.translator(request, reply);
  return reply.redirect(await deps.upstream.start({ browserHash, uiLocales: [locale], ...wish }), 303);
}

/**
 * Who is signed in, when they gave their credentials lately; else leads to the sign-in, from where they come back to
 * `nextStep`. What cannot be undone, shows everything at once, or ends sign-ins asks for this.
 * @returns `undefined` when the answer is given already
 */
export async function recentPerson(
  deps: PageDependencies,
  exchange: { request: FastifyRequest; reply: FastifyReply },
  nextStep: string,
): Promise<SignedIn | undefined> {
  const person = await signedInPerson(deps, exchange.request);
  if (person && signedInRecently(person, deps.now())) return person;
  await signInFirst(deps, exchange, { nextStep, ...(person && { force: true }) });
  return undefined;
}

/** As {@link recentPerson}, for a form. @throws UserrefError `csrf_rejected` */
export async function recentForm(
  deps: PageDependencies,
  exchange: { request: FormRequest; reply: FastifyReply },
  nextStep: string,
): Promise<SignedIn | undefined> {
  await ownForm(deps, exchange.request);
  return recentPerson(deps, exchange, nextStep);
}

/** What cannot be undone asks for credentials that are not older than this. */
const RECENT_MS = 10 * 60_000;

function signedInRecently({ provedAt }: SignedIn, now: Date): boolean {
  return now.getTime() - provedAt.getTime() <= RECENT_MS;
}
