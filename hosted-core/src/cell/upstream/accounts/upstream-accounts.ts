import { createHash, randomUUID } from 'node:crypto';
import { appendAudit } from '../../../audit/audit-log.ts';
import type { Database, Queryable } from '../../../database/database.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ClaimMapping } from '../claim-mapping.ts';
import type { UpstreamClaims } from '../profile-mapping.ts';
import type { UpstreamIdentity } from '../upstream-client.ts';
import { hashesOf, profileOf } from './imported-values.ts';
import { refreshProfile } from './refresh-profile.ts';
import {
  type AccountIndex,
  changeState,
  findAccount,
  findAccounts,
  insertAccounts,
  type LinkedAccount,
  type StoredAccount,
  saveImported,
} from './upstream-accounts-repository.ts';
import type { UpstreamSecrets } from './upstream-secrets.ts';
import { insertUpstreamSession, sealedRefreshToken } from './upstream-sessions-repository.ts';

export interface UpstreamAccountsOptions {
  /** As `cell_app`. */
  readonly database: Database;
  readonly vault: Vault;
  readonly tenantId: string;
  /** The same `sub` of another issuer is somebody else. */
  readonly issuer: string;
  readonly secrets: UpstreamSecrets;
  readonly mapping?: ClaimMapping;
  readonly now: () => Date;
}

/** Who is who at the upstream, by its `sub` alone: found by a keyed hash, given back from under a seal. */
export class UpstreamAccounts {
  readonly #options: UpstreamAccountsOptions;

  constructor(options: UpstreamAccountsOptions) {
    this.#options = options;
  }

  /** The identity of a sign-in, with what this cell does about it. */
  attach(identity: UpstreamIdentity): UpstreamIdentity {
    let fetched: Promise<UpstreamClaims> | undefined;
    const profile = () => {
      fetched ??= identity.profile();
      return fetched;
    };
    return {
      ...identity,
      ...(this.#options.mapping && { mapping: this.#options.mapping }),
      profile,
      refresh: async ({ subjectId, requestId }) => {
        // Also where nothing is kept yet: an account that is gone by now is refused here.
        const claims = await profile();
        const account = await this.find(subjectId);
        if (!account) return;
        if (account.state !== 'active') await this.#resume(account);
        await refreshProfile(this.#options, account, { claims, requestId });
      },
      remember: async (tx, session) => this.#remember(tx, { ...identity, profile }, session),
    };
  }

  /** Whoever can sign in there is not suspended, whatever we were told last. */
  async #resume({ subjectId, auditRef }: StoredAccount): Promise<void> {
    const { database, tenantId } = this.#options;
    await database.inTenant(tenantId, async (tx) => {
      if (!(await changeState(tx, { tenantId, subjectId }, 'active'))) return;
      await appendAudit(tx, 'cell', [
        { tenantId, action: 'upstream.account_resumed', subjectRef: auditRef, data: { by: 'sign_in' } },
      ]);
    });
  }

  async #remember(
    tx: Queryable,
    identity: UpstreamIdentity,
    { subjectId, sessionHash }: { subjectId: string; sessionHash: Buffer },
  ): Promise<void> {
    const { tenantId, vault, secrets, mapping } = this.#options;
    const person = { tenantId, subjectId };
    const before = await findAccount(tx, person);
    if (!before) {
      await this.keep(tx, [{ subjectId, sub: identity.sub }]);
      const profile = profileOf(vault, await identity.profile(), mapping);
      await saveImported(tx, person, { imported: await hashesOf(vault, person, profile), hash: null });
    }
    const { sid, refreshToken } = identity;
    if (!sid && !refreshToken) return;
    await insertUpstreamSession(tx, {
      ...person,
      sessionHash,
      sidHash: sid ? this.sidHash(sid) : null,
      sealedRefreshToken: refreshToken ? secrets.sealToken(sessionHash, refreshToken) : null,
    });
  }

  async find(subjectId: string): Promise<StoredAccount | undefined> {
    const { database, tenantId } = this.#options;
    return database.inTenant(tenantId, (tx) => findAccount(tx, { tenantId, subjectId }));
  }

  /** People of ours by their `sub` there; who never signed in here is left out. */
  async findBySub(tx: Queryable, subs: readonly string[]): Promise<(LinkedAccount & { sub: string })[]> {
    const accounts = await findAccounts(tx, this.#options.tenantId, await this.indexes(subs));
    return accounts.map(({ number, ...account }) => ({ ...account, sub: subs[number] ?? '' }));
  }

  /** What accounts are found by, each with its place in the list. */
  async indexes(subs: readonly string[]): Promise<AccountIndex[]> {
    const { vault, tenantId, issuer } = this.#options;
    const indexes = await Promise.all(
      subs.map(async (sub, number) => {
        const found = await vault.blindIndexes({ tenantId, field: 'upstream', value: [issuer, sub] });
        return found.map((index) => ({ ...index, number }));
      }),
    );
    return indexes.flat();
  }

  /** Keeps the id of accounts, sealed, where it is not kept yet. */
  async keep(tx: Queryable, accounts: readonly { subjectId: string; sub: string }[]): Promise<void> {
    if (accounts.length === 0) return;
    const { tenantId, secrets } = this.#options;
    const rows = accounts.map(({ subjectId, sub }) => {
      const accountRef = randomUUID();
      return { subjectId, accountRef, sealedSub: secrets.sealSub(accountRef, sub) };
    });
    await insertAccounts(tx, tenantId, rows);
  }

  /** @throws UserrefError `integrity_error` */
  subOf({ accountRef, sealedSub }: Pick<StoredAccount, 'accountRef' | 'sealedSub'>): string {
    return this.#options.secrets.openSub(accountRef, sealedSub);
  }

  /** The refresh token that came with a session of ours. */
  async refreshTokenOf(sessionHash: Buffer): Promise<string | undefined> {
    const { database, tenantId, secrets } = this.#options;
    const sealed = await database.inTenant(tenantId, (tx) =>
      sealedRefreshToken(tx, { tenantId, sessionHash }),
    );
    return sealed && secrets.openToken(sessionHash, sealed);
  }

  sidHash(sid: string): Buffer {
    return createHash('sha256').update(`${this.#options.issuer}\n${sid}`, 'utf8').digest();
  }
}
