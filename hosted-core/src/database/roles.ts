import pg from 'pg';

/** How the two halves connect: each as its own role, with no right on the other's schema. */
export interface RoleUrls {
  readonly coreUrl: string;
  readonly cellUrl: string;
}

/**
 * Creates the owner (no login; owns every table) and the two application roles, and sets the passwords of
 * their URLs. Repeats harmlessly.
 */
export async function prepareRoles(client: pg.Client, urls: RoleUrls): Promise<void> {
  // Roles belong to the cluster, not to a transaction's snapshot: one process at a time.
  await client.query(`select pg_advisory_lock(hashtext('userref-roles'))`);
  try {
    await ensureRole(client, 'userref_owner', 'nologin');
    await ensureRole(client, 'core_app', `login password ${passwordIn(urls.coreUrl, 'core_app')}`);
    await ensureRole(client, 'cell_app', `login password ${passwordIn(urls.cellUrl, 'cell_app')}`);
    await client.query('grant userref_owner to current_user');
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    const database = pg.escapeIdentifier(rows[0]?.name ?? '');
    await client.query(`grant create, connect on database ${database} to userref_owner`);
    await client.query(`revoke all on database ${database} from public`);
    await client.query(`grant connect on database ${database} to core_app, cell_app`);
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('userref-roles'))`);
  }
}

async function ensureRole(client: pg.Client, name: string, attributes: string): Promise<void> {
  const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  const verb = rows.length === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${name} ${attributes}`);
}

function passwordIn(url: string, role: string): string {
  const { username, password } = new URL(url);
  if (username !== role || !password) {
    throw new Error(
      `The URL for ${role} must name that role and a password: postgres://${role}:…@host/database`,
    );
  }
  return pg.escapeLiteral(decodeURIComponent(password));
}
