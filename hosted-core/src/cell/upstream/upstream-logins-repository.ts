import type { Queryable } from '../../database/database.ts';

/** A sign-in that this browser has under way at the upstream. */
export interface UpstreamLogin {
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly forced: boolean;
  /** Path of ours that the browser goes to when signed in. */
  readonly nextStep: string;
}

export interface UpstreamLoginKey {
  readonly tenantId: string;
  readonly stateHash: Buffer;
  readonly browserHash: Buffer;
}

export async function saveUpstreamLogin(
  tx: Queryable,
  row: UpstreamLoginKey & UpstreamLogin & { expiresAt: Date },
): Promise<void> {
  await tx.query(
    `insert into cell.upstream_logins (tenant_id, state_hash, browser_hash, code_verifier, nonce, forced, next_step, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      row.tenantId,
      row.stateHash,
      row.browserHash,
      row.codeVerifier,
      row.nonce,
      row.forced,
      row.nextStep,
      row.expiresAt,
    ],
  );
}

/** Hands a login to the callback of the browser that started it, once. */
export async function takeUpstreamLogin(
  tx: Queryable,
  key: UpstreamLoginKey & { now: Date },
): Promise<UpstreamLogin | undefined> {
  const [row] = await tx.query<UpstreamLogin>(
    `delete from cell.upstream_logins
     where tenant_id = $1 and state_hash = $2 and browser_hash = $3 and expires_at > $4
     returning code_verifier as "codeVerifier", nonce, forced, next_step as "nextStep"`,
    [key.tenantId, key.stateHash, key.browserHash, key.now],
  );
  return row;
}
