import type { Queryable } from '../../database/database.ts';
import type { PersonKey } from './people-repository.ts';

export interface SignIn {
  readonly amr: readonly string[];
  readonly occurredAt: Date;
}

/** How long a person can look back on their sign-ins, in milliseconds. */
export const KEEP_SIGN_INS_MS = 90 * 86_400_000;

export async function insertSignIn(tx: Queryable, person: PersonKey, signIn: SignIn): Promise<void> {
  await tx.query(
    'insert into cell.sign_ins (tenant_id, subject_id, amr, occurred_at) values ($1, $2, $3, $4)',
    [person.tenantId, person.subjectId, signIn.amr, signIn.occurredAt],
  );
}

/** The latest first. */
export function recentSignIns(tx: Queryable, person: PersonKey, limit: number): Promise<SignIn[]> {
  return tx.query<SignIn>(
    `select amr, occurred_at as "occurredAt" from cell.sign_ins
     where tenant_id = $1 and subject_id = $2 order by occurred_at desc, sign_in_id desc limit $3`,
    [person.tenantId, person.subjectId, limit],
  );
}

export async function deleteOldSignIns(
  tx: Queryable,
  { tenantId, before }: { tenantId: string; before: Date },
): Promise<void> {
  await tx.query('delete from cell.sign_ins where tenant_id = $1 and occurred_at < $2', [tenantId, before]);
}
