import type { Queryable } from '../../../src/database/database.ts';

/** The token of copy `n`. */
export const copiedToken = (n: number) => `copied-token-${n}`;

/** 26 characters of base32 that go with a text. */
const base32 = (text: string) =>
  `substr(translate(md5(${text}) || md5('2' || ${text}), '0189', 'wxyz'), 1, 26)`;

/** The columns that differ from copy to copy; `t` is the template's row, `n` the number of the copy. */
const DIFFERENT: Readonly<Record<string, string>> = {
  subject_id: `md5('person-' || n)::uuid`,
  audit_ref: 'gen_random_uuid()',
  user_ref: `'ppid_' || ${base32('n::text')}`,
  consent_id: `'con_' || ${base32('n || t.attribute')}`,
  id_sha256: `sha256((case t.kind when 'Grant' then 'grant-' else 'copied-token-' end || n)::bytea)`,
  grant_sha256: `case t.kind when 'AccessToken' then sha256(('grant-' || n)::bytea) end`,
};

/** In the order in which they may be filled. */
const TABLES = [
  ...['core.subjects', 'core.pairwise_links', 'core.oidc_artifacts'],
  ...['cell.people', 'cell.consents', 'cell_keys.subject_keys', 'cell.users_pii'],
];

/**
 * Copies all rows of the only person in the database, many times over, inside the server. Copied ciphertexts are
 * of the right size and open nowhere, as it should be.
 */
export async function copyPeople(
  admin: { query: Queryable['query'] },
  { count, note }: { count: number; note: (text: string) => void },
): Promise<void> {
  for (const table of TABLES) {
    note(`copying ${table} ${count} times`);
    const columns = await admin.query<{ name: string }>(
      'select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum',
      [table],
    );
    const names = columns.map(({ name }) => name);
    const values = names.map((name) => DIFFERENT[name] ?? `t.${name}`);
    // Checking every reference again would take longer than the rest.
    await admin.query(`set session_replication_role = replica; set statement_timeout = 0;
      insert into ${table} (${names}) select ${values} from ${table} t, generate_series(1, ${count}) n;
      reset session_replication_role`);
  }
  await admin.query('vacuum analyze');
  await admin.query('checkpoint');
}
