import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

export interface WitnessOptions {
  readonly adminDatabaseUrl: string;
  readonly issuer: string;
  readonly cell: string;
  readonly shopA: { readonly site: string; readonly siteSecret: string; readonly databaseFile: string };
  readonly siteB: string;
}

/** Looks for itself whether what the audit log says has come true. */
export interface Witness {
  /** Pseudonyms of the person who signed in to shop A last, at shop A and at shop B. */
  userRefs(): Promise<[string | undefined, string | undefined]>;
  /** How many tokens of shop A still open anything for that person. */
  liveTokens(): Promise<string>;
  /** What the cell answers when shop A asks for the address, as itself. */
  fetchAddress(): Promise<string>;
  /** Whether shop A has noted the end of the session. */
  endedSession(): Promise<string>;
}

export function createWitness(options: WitnessOptions): Witness {
  const { shopA, siteB } = options;
  const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: options.adminDatabaseUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  const userRefs = async (): Promise<[string | undefined, string | undefined]> => {
    const [row] = await query<{ a: string; b: string | null }>(
      `select a.user_ref as a, b.user_ref as b from core.pairwise_links a
       left join core.pairwise_links b on b.subject_id = a.subject_id and b.site_id = $2
       where a.site_id = $1 order by a.last_sign_in_at desc limit 1`,
      [shopA.site, siteB],
    );
    return [row?.a, row?.b ?? undefined];
  };
  return {
    userRefs,
    async liveTokens() {
      const [row] = await query<{ count: string }>(
        `select count(*) from core.oidc_artifacts t join core.pairwise_links l using (tenant_id, site_id, subject_id)
         where l.user_ref = $1 and t.kind in ('AccessToken', 'RefreshToken', 'AuthorizationCode')`,
        [(await userRefs())[0]],
      );
      return `${row?.count} live tokens`;
    },
    async fetchAddress() {
      const [userRef] = await userRefs();
      return fetchAsShop(options, String(userRef));
    },
    async endedSession() {
      const [userRef] = await userRefs();
      const database = new DatabaseSync(shopA.databaseFile, { readOnly: true });
      try {
        const row = database.prepare('select 1 from revoked_users where user_ref = ?').get(String(userRef));
        return row ? 'noted in the shop’s own database' : 'not noted yet';
      } finally {
        database.close();
      }
    },
  };
}

/** Asks for the address in the person's absence, with the shop's own credentials (RFC 6749 §4.4). */
async function fetchAsShop({ issuer, cell, shopA }: WitnessOptions, userRef: string): Promise<string> {
  const token = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${shopA.site}:${shopA.siteSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: cell }),
  });
  const { access_token } = (await token.json()) as { access_token: string };
  const response = await fetch(`${cell}/v1/users/${userRef}/attributes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ names: ['address:shipping'], purpose: 'order_delivery' }),
  });
  const { code } = (await response.json()) as { code?: string };
  return `${response.status} ${code ?? ''}`.trim();
}
