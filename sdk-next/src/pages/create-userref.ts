import type { IncomingMessage } from 'node:http';
import { UserrefError } from '@userref/sdk-core';
import { type ErrorPage, headersOfSitePage, type User } from '@userref/sdk-core/adapter';
import type {
  GetServerSideProps,
  GetServerSidePropsContext,
  GetServerSidePropsResult,
  NextApiHandler,
  NextApiRequest,
  NextApiResponse,
} from 'next';
import { answerOwned } from '../handlers/answer-owned.ts';
import { type Visitor, visitorOf } from '../handlers/with-user.ts';
import type { OptionsSource } from '../site/options.ts';
import { type LazySite, lazySite } from '../site/site.ts';
import { addCookies, incomingOfNode, sendAnswer, sendHead } from './node-request.ts';

/**
 * Shows a page about an error in the site's own layout, by `response`. Status, cookies and `Cache-Control` are set by
 * then; the body is the site's.
 */
export type RenderApiError = (
  page: ErrorPage,
  request: NextApiRequest,
  response: NextApiResponse,
) => void | Promise<void>;

/** Everything that a site on the Pages Router needs. */
export interface PagesUserref {
  /**
   * For `pages/api/userref/[...userref].ts`: `export default userref.handler`, and beside it
   * `export const config = { api: { bodyParser: false } }`, as webhooks are signed byte for byte.
   */
  readonly handler: NextApiHandler;
  /** Who is signed in, in API routes and `getServerSideProps`; `null` for nobody. */
  getUser(request: IncomingMessage): Promise<User | null>;
  /** `getServerSideProps` for signed-in visitors; others go to sign in, and come back. */
  withUser<Props extends Record<string, unknown>>(work: VisitorProps<Props>): GetServerSideProps<Props>;
}

export type VisitorProps<Props> = (
  context: GetServerSidePropsContext,
  visitor: Visitor,
) => GetServerSidePropsResult<Props> | Promise<GetServerSidePropsResult<Props>>;

/** API routes live below `/api`, and so do the addresses of the SDK. */
const FOLDER = '/api/userref';

/** Sets up the SDK for the Pages Router; options and their defaults are those of the App Router, but `renderError`. */
export function createUserref(options: OptionsSource<RenderApiError> = {}): PagesUserref {
  const site = lazySite(options, FOLDER);
  return Object.freeze<PagesUserref>({
    handler: (request, response) => answerApi(site, request, response),
    getUser: async (request) => (await site().adapter.beginVisit(incomingOfNode(request))).user,
    withUser: (work) => (context) => propsForUser(site, context, work),
  });
}

async function answerApi(
  site: LazySite<RenderApiError>,
  ...[request, response]: Parameters<NextApiHandler>
): Promise<void> {
  const current = site();
  const incoming = incomingOfNode(request);
  const answer = await answerOwned(current, incoming).catch((error: unknown) => {
    if (!(error instanceof UserrefError)) throw error;
    return current.adapter.answerError(error, incoming);
  });
  const { page } = answer;
  if (page === undefined || current.renderError === undefined) return sendAnswer(answer, response);
  sendHead({ ...answer, headers: headersOfSitePage(answer) }, response);
  await current.renderError(page, request, response);
}

async function propsForUser<Props extends Record<string, unknown>>(
  site: LazySite,
  context: GetServerSidePropsContext,
  work: VisitorProps<Props>,
): Promise<GetServerSidePropsResult<Props>> {
  const { adapter, basePath } = site();
  const { req, res } = context;
  const page = basePath + localeIn(context) + context.resolvedUrl;
  res.setHeader('Cache-Control', 'private, no-store');
  const visit = await adapter.beginVisit(incomingOfNode(req, page), (cookies) => addCookies(res, cookies));
  const returnTo = adapter.userref.isSafeReturnTo(page) ? page : '/';
  const destination = adapter.loginPath({ returnTo, startedBy: 'page' });
  // It has the `basePath` already.
  const toLogin = { redirect: { destination, permanent: false, basePath: false as const } };
  if (visit.user === null) return toLogin;
  try {
    return await work(context, visitorOf(visit, visit.user));
  } catch (error) {
    if (error instanceof UserrefError && error.code === 'session_revoked') return toLogin;
    throw error;
  }
}

/** `resolvedUrl` has none: without it a visitor would come back to the page in another language. */
function localeIn({ locale, defaultLocale }: GetServerSidePropsContext): string {
  return locale === undefined || locale === defaultLocale ? '' : `/${locale}`;
}
