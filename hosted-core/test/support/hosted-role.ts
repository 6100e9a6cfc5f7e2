import pg from 'pg';

const NAME = 'hosted_admin';
const PASSWORD = 'hosted-test-password';

/**
 * A role like the one that hosted databases give their customers (Supabase's `postgres`): no superuser, but it
 * may create roles and databases and passes row level security.
 */
export async function createHostedRole(
  adminUrl: string,
): Promise<{ name: string; urlOf(database: string): string }> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(
      `create role ${NAME} login password '${PASSWORD}' nosuperuser createrole createdb bypassrls replication`,
    );
  } finally {
    await client.end();
  }
  return {
    name: NAME,
    urlOf(database) {
      const url = new URL(adminUrl);
      Object.assign(url, { username: NAME, password: PASSWORD, pathname: `/${database}` });
      return url.href;
    },
  };
}
