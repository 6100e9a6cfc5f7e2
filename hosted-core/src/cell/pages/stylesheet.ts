import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const text = readFileSync(new URL('./assets/userref.css', import.meta.url), 'utf8');

/** The address names the content, so browsers may keep it for a year. */
export const STYLESHEET_PATH = `/assets/userref-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.css`;

/** `GET /assets/userref-{hash}.css`: the one stylesheet of all pages. */
export async function assetRoutes(app: FastifyInstance): Promise<void> {
  app.get(STYLESHEET_PATH, (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .type('text/css; charset=utf-8')
      .send(text),
  );
}
