import type { Database, Queryable } from '../../database/database.ts';

/** `test`: nobody in it is anybody, so what only trials need is allowed there. Chosen once for a tenant. */
export type TenantMode = 'live' | 'test';

interface TenantRow {
  readonly issuer: string;
  readonly mode: TenantMode;
}

/**
 * Makes sure that the tenant exists under this issuer, in this mode.
 * @throws Error when the tenant was set up otherwise: with another issuer every passport and every registered
 *   redirect address would silently change its meaning; with another mode people would meet what is meant for trials
 */
export async function ensureTenant(
  database: Database,
  tenant: { tenantId: string; issuer: string; mode: TenantMode },
): Promise<void> {
  const { tenantId, issuer, mode } = tenant;
  const [known] = await database.inTenant(tenantId, async (tx) => {
    await tx.query(
      'insert into core.tenants (tenant_id, issuer, mode) values ($1, $2, $3) on conflict do nothing',
      [tenantId, issuer, mode],
    );
    return tx.query<TenantRow>('select issuer, mode from core.tenants where tenant_id = $1', [tenantId]);
  });
  if (known?.issuer !== issuer) {
    throw new Error(
      `The tenant ${tenantId} was set up with the issuer ${known?.issuer}, but USERREF_CORE_URL is ${issuer}. ` +
        'Passports name the issuer, so it must not change by accident. Set USERREF_CORE_URL back.',
    );
  }
  if (known.mode === mode) return;
  throw new Error(
    `The tenant ${tenantId} was set up in ${known.mode} mode, but USERREF_MODE is ${mode}. ` +
      'A tenant keeps its mode: set USERREF_MODE back, or set up another tenant under an issuer of its own.',
  );
}

export async function readTenantMode(tx: Queryable, tenantId: string): Promise<TenantMode | undefined> {
  const [row] = await tx.query<TenantRow>('select issuer, mode from core.tenants where tenant_id = $1', [
    tenantId,
  ]);
  return row?.mode;
}
