import { type AuditEntry, toRow } from '../../audit/audit-log.ts';
import type { Queryable } from '../../database/database.ts';
import type { AssuranceLevel, InteractionOutcome, InteractionRequest } from '../../wall/region-cell.ts';

/** The request as it is kept: without its own id, of which only the hash is stored. */
export type StoredRequest = Omit<InteractionRequest, 'interactionId' | 'expiresAt' | 'loginHint'> & {
  /** Base64, see `LoginHints`. */
  readonly sealedHint?: string;
};

export interface InteractionKey {
  readonly tenantId: string;
  readonly interactionHash: Buffer;
}

export interface OpenInteraction {
  readonly request: StoredRequest;
  readonly outcome: InteractionOutcome | null;
  readonly redeemed: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** The account session of this browser, if one is alive. */
  readonly session: SessionFacts | undefined;
}

export interface SessionFacts {
  readonly subjectId: string;
  readonly assuranceLevel: AssuranceLevel;
  readonly amr: readonly string[];
  readonly authTime: Date;
  /** The person gave their credentials after this interaction had begun. */
  readonly fresh: boolean;
}

export async function insertInteraction(
  db: Queryable,
  row: InteractionKey & { request: StoredRequest; now: Date; expiresAt: Date; audit: AuditEntry },
): Promise<void> {
  await db.query('select cell.start_interaction($1, $2, $3, $4, $5, $6)', [
    row.tenantId,
    row.interactionHash,
    JSON.stringify(row.request),
    row.now,
    row.expiresAt,
    JSON.stringify([toRow(row.audit)]),
  ]);
}

/** Binds the interaction to this browser if it is the first; `undefined` when unknown or another browser's. */
export async function openInteraction(
  db: Queryable,
  key: InteractionKey & { browserHash: Buffer; sessionHash: Buffer | undefined; now: Date },
): Promise<OpenInteraction | undefined> {
  const [row] = await db.query<
    Omit<OpenInteraction, 'session'> & { [K in keyof SessionFacts]: SessionFacts[K] | null }
  >(
    `select request, outcome, redeemed, created_at as "createdAt", expires_at as "expiresAt",
       subject_id as "subjectId", assurance_level as "assuranceLevel", amr, auth_time as "authTime", fresh
     from cell.open_interaction($1, $2, $3, $4, $5)`,
    [key.tenantId, key.interactionHash, key.browserHash, key.sessionHash ?? null, key.now],
  );
  if (!row) return undefined;
  const { request, outcome, redeemed, createdAt, expiresAt, ...session } = row;
  return {
    request,
    outcome,
    redeemed,
    createdAt,
    expiresAt,
    session: session.subjectId === null ? undefined : (session as SessionFacts),
  };
}

/**
 * Sets the outcome, or, when there is one already, only a new code for it.
 * @returns `gone` when it expired, was redeemed, or belongs to another browser
 */
export async function finishInteraction(
  db: Queryable,
  finish: InteractionKey & {
    browserHash: Buffer;
    outcome: InteractionOutcome;
    codeHash: Buffer;
    now: Date;
    audit: AuditEntry;
  },
): Promise<'first' | 'again' | 'gone'> {
  const [row] = await db.query<{ result: 'first' | 'again' | 'gone' }>(
    'select cell.finish_interaction($1, $2, $3, $4, $5, $6, $7) as result',
    [
      finish.tenantId,
      finish.interactionHash,
      finish.browserHash,
      JSON.stringify(finish.outcome),
      finish.codeHash,
      finish.now,
      JSON.stringify([toRow(finish.audit)]),
    ],
  );
  return row?.result ?? 'gone';
}

/** Gives the outcome to the first caller with the right code, and to nobody after. */
export async function redeemOutcome(
  db: Queryable,
  query: InteractionKey & { codeHash: Buffer; now: Date },
): Promise<InteractionOutcome | undefined> {
  const [row] = await db.query<{ outcome: InteractionOutcome | null }>(
    'select cell.redeem_outcome($1, $2, $3, $4) as outcome',
    [query.tenantId, query.interactionHash, query.codeHash, query.now],
  );
  return row?.outcome ?? undefined;
}

/** Rows of pages that nobody will come back to. */
export async function deleteExpired(
  tx: Queryable,
  { tenantId, before }: { tenantId: string; before: Date },
): Promise<void> {
  for (const table of ['interactions', 'upstream_logins', 'account_sessions']) {
    await tx.query(`delete from cell.${table} where tenant_id = $1 and expires_at < $2`, [tenantId, before]);
  }
}
