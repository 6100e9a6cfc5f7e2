import pg from 'pg';

/** How the two halves connect: each as its own role, with no right on the other's schema. */
export interface RoleUrls {
  readonly coreUrl: string;
  readonly cellUrl: string;
}

/** Statements of the application that run longer are cancelled by the server. */
const STATEMENT_TIMEOUT = '5s';

/** Schemas that show that a database is not ours alone are all but these. */
const OURS = ['public', 'userref', 'core', 'cell', 'cell_keys', 'core_jobs', 'cell_jobs'];

/**
 * Creates the owner (no login; owns every table) and the two application roles, and sets the passwords of
 * their URLs. Repeats harmlessly. Needs a role that owns the database and may create roles; a superuser is
 * not needed.
 */
export async function prepareRoles(client: pg.Client, urls: RoleUrls): Promise<void> {
  // Roles belong to the cluster, not to a transaction's snapshot: one process at a time.
  await client.query(`select pg_advisory_lock(hashtext('userref-roles'))`);
  try {
    await ensureRole(client, 'userref_owner', 'nologin');
    await ensureRole(client, 'core_app', `login password ${passwordIn(urls.coreUrl, 'core_app')}`);
    await ensureRole(client, 'cell_app', `login password ${passwordIn(urls.cellUrl, 'cell_app')}`);
    // On the role, not on the connection: a transaction pooler takes no settings with a connection.
    for (const role of ['core_app', 'cell_app'])
      await client.query(`alter role ${role} set statement_timeout = '${STATEMENT_TIMEOUT}'`);
    // Of the owner to migrate as it; of the others since the queues are theirs and backups must read them.
    for (const role of ['userref_owner', 'core_app', 'cell_app']) await becomeMember(client, role);
    await grantDatabase(client);
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('userref-roles'))`);
  }
}

async function ensureRole(client: pg.Client, name: string, attributes: string): Promise<void> {
  const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  const verb = rows.length === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${name} ${attributes}`);
}

/** Who creates a role may administer it; since PostgreSQL 16 that is not yet the right to act as it. */
async function becomeMember(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  const options = (rows[0]?.version ?? 0) >= 160_000 ? 'with inherit true, set true' : '';
  await client.query(`grant ${role} to current_user ${options}`);
}

async function grantDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; shared: boolean }>(
    `select current_database() as name, exists (
       select from pg_namespace where nspname !~ '^(pg_|information_schema$)' and nspname <> all ($1)) as shared`,
    [OURS],
  );
  const database = pg.escapeIdentifier(rows[0]?.name ?? '');
  await client.query(`grant create, connect on database ${database} to userref_owner`);
  await client.query(`grant connect on database ${database} to core_app, cell_app`);
  // Others live in a shared database by what everybody may do there; only our own is closed to everybody.
  if (!rows[0]?.shared) await client.query(`revoke all on database ${database} from public`);
}

/** Poolers of hosted databases want a project behind the name: `core_app.project`. */
function passwordIn(url: string, role: string): string {
  const { username, password } = new URL(url);
  const [name] = decodeURIComponent(username).split('.');
  if (name !== role || !password) {
    throw new Error(
      `The URL for ${role} must name that role and a password: postgres://${role}:…@host/database`,
    );
  }
  return pg.escapeLiteral(decodeURIComponent(password));
}
