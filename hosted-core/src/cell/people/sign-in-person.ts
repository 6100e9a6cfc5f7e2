import { appendAudit } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { AssuranceLevel } from '../../wall/region-cell.ts';
import { profileOf } from '../upstream/accounts/imported-values.ts';
import type { ImportedAttribute } from '../upstream/profile-mapping.ts';
import type { UpstreamIdentity } from '../upstream/upstream-client.ts';
import type { Vault } from '../vault/vault.ts';
import { deleteSession, insertSession } from './account-sessions-repository.ts';
import { newToken, tokenHash } from './opaque-token.ts';
import {
  findPersonByIdentifier,
  holdPerson,
  type IdentifierKey,
  insertPerson,
  type PersonRow,
} from './people-repository.ts';
import { insertSignIn } from './sign-ins-repository.ts';

export interface SignInDependencies {
  /** As `cell_app`. */
  readonly database: Database;
  readonly vault: Vault;
  readonly tenantId: string;
  /** Part of who the person is: the same `sub` of another issuer is somebody else. */
  readonly issuer: string;
  readonly now: () => Date;
}

export const SESSION_SECONDS = 12 * 3600;

export interface NewSession {
  /** Goes into the cookie; the database has its hash only. */
  readonly token: string;
}

/**
 * Finds the person behind an upstream identity, or makes them and imports their profile, and gives this
 * browser a new session. People are known by the upstream's `sub` alone: an e-mail address proves nothing.
 */
export async function signInPerson(
  deps: SignInDependencies,
  identity: UpstreamIdentity,
  context: SignInContext,
): Promise<NewSession> {
  const first = await startSession(deps, identity, context);
  if (first) return first;
  // Erased between being found and being let in: who signs in again is a new person.
  const second = await startSession(deps, identity, context);
  if (!second) throw new UserrefError('internal_error', { logDetail: 'a person vanished while signing in' });
  return second;
}

interface SignInContext {
  readonly requestId: string;
  readonly forced: boolean;
  readonly oldSessionToken?: string | undefined;
}

/** `undefined` when the person was erased just now. */
async function startSession(
  deps: SignInDependencies,
  identity: UpstreamIdentity,
  context: SignInContext,
): Promise<NewSession | undefined> {
  const person = await findOrCreate(deps, identity, context.requestId);
  const { tenantId, now } = deps;
  const token = newToken();
  const createdAt = now();
  const expiresAt = new Date(createdAt.getTime() + SESSION_SECONDS * 1000);
  const letIn = await deps.database.inTenant(tenantId, async (tx) => {
    if (!(await holdPerson(tx, { tenantId, subjectId: person.subjectId }))) return false;
    // Rotation: whatever session the browser brought along ends here.
    if (context.oldSessionToken)
      await deleteSession(tx, { tenantId, sessionHash: tokenHash(context.oldSessionToken) });
    const signIn = { amr: identity.amr, occurredAt: createdAt };
    await insertSignIn(tx, { tenantId, subjectId: person.subjectId }, signIn);
    await insertSession(tx, {
      tenantId,
      sessionHash: tokenHash(token),
      subjectId: person.subjectId,
      assuranceLevel: assuranceOf(identity.acr),
      amr: identity.amr,
      authTime: identity.authTime === undefined ? createdAt : new Date(identity.authTime * 1000),
      forced: context.forced,
      createdAt,
      expiresAt,
    });
    await identity.remember?.(tx, { ...person, sessionHash: tokenHash(token) });
    const common = { tenantId, subjectRef: person.auditRef, requestId: context.requestId };
    await appendAudit(tx, 'cell', [{ ...common, action: 'account.signed_in' }]);
    return true;
  });
  return letIn ? { token } : undefined;
}

async function findOrCreate(
  deps: SignInDependencies,
  identity: UpstreamIdentity,
  requestId: string,
): Promise<PersonRow> {
  const { database, vault, tenantId, issuer } = deps;
  const value = [issuer, identity.sub];
  const indexes = await vault.blindIndexes({ tenantId, field: 'upstream', value });
  const key: IdentifierKey = { tenantId, kind: 'upstream', indexes };
  const find = () => database.inTenant(tenantId, (tx) => findPersonByIdentifier(tx, key));
  const known = await find();
  if (known) {
    await identity.refresh?.({ ...known, requestId });
    return known;
  }

  const claims = await identity.profile();
  const { values } = profileOf(vault, claims, identity.mapping);
  await vault.prepareToStore(
    tenantId,
    values.map(({ attribute }) => attribute),
  );
  const created = await database
    .inTenant(tenantId, (tx) => createPerson(tx, { vault, key, values, requestId }))
    .catch((error: unknown) => {
      if (error instanceof MadeMeanwhile) return find();
      throw error;
    });
  if (!created) throw new UserrefError('internal_error', { logDetail: 'a person vanished while signing in' });
  return created;
}

/** Rolls the lost half of two concurrent first sign-ins back; never leaves this file. */
class MadeMeanwhile extends Error {}

interface CreateOptions {
  readonly vault: Vault;
  readonly key: IdentifierKey;
  readonly values: readonly ImportedAttribute[];
  readonly requestId: string;
}

async function createPerson(
  tx: Queryable,
  { vault, key, values, requestId }: CreateOptions,
): Promise<PersonRow> {
  const person = await insertPerson(tx, key);
  if (!person) throw new MadeMeanwhile();
  const { tenantId } = key;
  const stored = values.map((value) => ({ ...value, source: 'upstream' }));
  await vault.storeAttributes(tx, { tenantId, subjectId: person.subjectId, values: stored });
  const common = { tenantId, subjectRef: person.auditRef, requestId };
  await appendAudit(tx, 'cell', [
    { ...common, action: 'person.created' },
    { ...common, action: 'profile.imported', data: { attributes: values.map(({ attribute }) => attribute) } },
  ]);
  return person;
}

const LEVELS: Readonly<Record<string, AssuranceLevel>> = {
  'http://eidas.europa.eu/LoA/low': 'low',
  'http://eidas.europa.eu/LoA/substantial': 'substantial',
  'http://eidas.europa.eu/LoA/high': 'high',
};

/** Only what the upstream vouches for in eIDAS terms counts for more than `low`. */
function assuranceOf(acr: string | undefined): AssuranceLevel {
  return (acr !== undefined && LEVELS[acr]) || 'low';
}
