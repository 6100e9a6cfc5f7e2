import Fastify from 'fastify';
import pg from 'pg';
import { PEOPLE_TABLE, SELECT_PERSON } from './people-table.ts';
import { type Serving, serve } from './serve.ts';

export interface SelectRouteConfig {
  readonly databaseUrl: string;
  readonly port: number;
}

/** What five attributes would cost without token, consent, encryption and audit: one SELECT by key. */
serve(async ({ databaseUrl, port }: SelectRouteConfig): Promise<Serving<{ url: string }>> => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  await pool.query(PEOPLE_TABLE);
  const app = Fastify({ logger: false });
  app.get<{ Params: { id: string } }>('/people/:id', async (request) => {
    const { rows } = await pool.query(SELECT_PERSON, [request.params.id]);
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
