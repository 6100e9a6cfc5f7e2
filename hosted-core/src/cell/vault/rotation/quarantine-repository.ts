import { type AuditEntry, appendAudit } from '../../../audit/audit-log.ts';
import type { Queryable } from '../../../database/database.ts';
import type { KeyScope } from '../key-repository.ts';
import type { SubjectKeyOfPerson } from './rewrap-repository.ts';

/** A data key, and the name that the audit log knows its person by. */
export interface SuspectKey extends SubjectKeyOfPerson {
  readonly audit_ref: string | null;
}

/** SQL on data keys that do not open. */
export class QuarantineRepository {
  /** Data keys under older versions than the active one, which a rotation should have moved; a page at a time. */
  suspects(
    tx: Queryable,
    { tenantId, region, class: keyClass }: KeyScope,
    after: { subjectId: string; version: number } | undefined,
  ): Promise<SuspectKey[]> {
    return tx.query<SuspectKey>(
      `select k.subject_id, k.class, k.version, k.key_id, k.kek_version, k.wrapped_dek, p.audit_ref
       from cell_keys.subject_keys k
       left join cell.people p on p.tenant_id = k.tenant_id and p.subject_id = k.subject_id
       where k.tenant_id = $1 and k.class = $3 and k.quarantined_at is null and k.kek_version < (
           select a.version from cell.keys a
           where a.tenant_id = $1 and a.region = $2 and a.class = $3 and a.state = 'active')
         and ($4::uuid is null or (k.subject_id, k.version) > ($4, $5::int))
       order by k.subject_id, k.version limit 1000`,
      [tenantId, region, keyClass, after?.subjectId ?? null, after?.version ?? 0],
    );
  }

  /** Sets keys aside, as long as they are the very ones that were looked at. Returns how many. */
  async setAside(tx: Queryable, scope: KeyScope, keys: readonly SuspectKey[]): Promise<number> {
    const rows = await tx.query(
      `update cell_keys.subject_keys k set quarantined_at = clock_timestamp()
       from unnest($3::uuid[], $4::int[], $5::bytea[]) as t(subject_id, version, wrapped)
       where k.tenant_id = $1 and k.class = $2 and k.subject_id = t.subject_id and k.version = t.version
         and k.wrapped_dek = t.wrapped and k.quarantined_at is null
       returning 1`,
      [
        ...[scope.tenantId, scope.class],
        keys.map((key) => key.subject_id),
        keys.map((key) => key.version),
        keys.map((key) => key.wrapped_dek),
      ],
    );
    await note(tx, scope, 'vault.quarantined', rows.length);
    return rows.length;
  }

  /** Takes all keys of the class back. Returns how many. */
  async lift(tx: Queryable, scope: KeyScope): Promise<number> {
    const rows = await tx.query(
      `update cell_keys.subject_keys set quarantined_at = null
       where tenant_id = $1 and class = $2 and quarantined_at is not null returning 1`,
      [scope.tenantId, scope.class],
    );
    if (rows.length > 0) await note(tx, scope, 'vault.quarantine_lifted', rows.length);
    return rows.length;
  }

  /** How many keys that this version wraps are set aside. */
  async count(tx: Queryable, { tenantId, class: keyClass }: KeyScope, version: number): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::float8 as count from cell_keys.subject_keys
       where tenant_id = $1 and class = $2 and kek_version = $3 and quarantined_at is not null`,
      [tenantId, keyClass, version],
    );
    return row?.count ?? 0;
  }
}

async function note(
  tx: Queryable,
  scope: KeyScope,
  action: AuditEntry['action'],
  keys: number,
): Promise<void> {
  const { tenantId, region, class: keyClass } = scope;
  await appendAudit(tx, 'cell', [{ tenantId, action, data: { region, class: keyClass, keys } }]);
}
