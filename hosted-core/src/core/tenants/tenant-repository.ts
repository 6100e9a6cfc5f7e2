import type { Database } from '../../database/database.ts';

/**
 * Makes sure that the tenant exists under this issuer.
 * @throws Error when the tenant was set up under another issuer: every passport and every registered redirect
 *   address would silently change its meaning
 */
export async function ensureTenant(
  database: Database,
  tenant: { tenantId: string; issuer: string },
): Promise<void> {
  const { tenantId, issuer } = tenant;
  const rows = await database.inTenant(tenantId, async (tx) => {
    await tx.query('insert into core.tenants (tenant_id, issuer) values ($1, $2) on conflict do nothing', [
      tenantId,
      issuer,
    ]);
    return tx.query<{ issuer: string }>('select issuer from core.tenants where tenant_id = $1', [tenantId]);
  });
  const known = rows[0]?.issuer;
  if (known === issuer) return;
  throw new Error(
    `The tenant ${tenantId} was set up with the issuer ${known}, but USERREF_CORE_URL is ${issuer}. ` +
      'Passports name the issuer, so it must not change by accident. Set USERREF_CORE_URL back.',
  );
}
