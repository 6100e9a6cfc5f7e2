import Fastify from 'fastify';
import pg from 'pg';
import { type Serving, serve } from './serve.ts';

export interface SelectRouteConfig {
  readonly databaseUrl: string;
  readonly port: number;
}

export const ROWS = 1_000;

const TABLE = `
  create table person (id text primary key, name text, birthdate text, email text, phone text, address jsonb);
  insert into person
  select 'person-' || n, 'Sample Person ' || n, '1991-04-17', 'sample.' || n || '@example.test', '+442079460171',
    '{"street_address": "17 Invented Honey Lane", "locality": "Nowhere-on-Sea", "postal_code": "ZZ99 3VZ", "country": "GB"}'
  from generate_series(0, ${ROWS - 1}) n`;

/** What five attributes would cost without token, consent, encryption and audit: one SELECT by key. */
serve(async ({ databaseUrl, port }: SelectRouteConfig): Promise<Serving<{ url: string }>> => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  await pool.query(TABLE);
  const app = Fastify({ logger: false });
  app.get<{ Params: { id: string } }>('/people/:id', async (request) => {
    const { rows } = await pool.query(
      'select name, birthdate, email, phone, address from person where id = $1',
      [request.params.id],
    );
    return { attributes: rows[0] };
  });
  const url = await app.listen({ host: '127.0.0.1', port });
  return {
    ready: { url },
    async stop() {
      await app.close();
      await pool.end();
    },
  };
});
