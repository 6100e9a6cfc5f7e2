import { createWriteStream } from 'node:fs';
import type { RequestHandler } from 'express';

export interface RequestLog {
  readonly handler: RequestHandler;
  close(): Promise<void>;
}

/**
 * One line a request: time, method, path, status, milliseconds. Never the query string, a header or a body: the
 * sign-in callback carries a code there, and forms carry what people type.
 */
export function createRequestLog(file: string | undefined): RequestLog {
  if (!file) return { handler: (_req, _res, next) => next(), close: async () => {} };
  const stream = createWriteStream(file, { flags: 'a' });

  return {
    handler(req, res, next) {
      const started = performance.now();
      const path = req.path;
      res.once('close', () => {
        const took = Math.round(performance.now() - started);
        stream.write(`${new Date().toISOString()} ${req.method} ${path} ${res.statusCode} ${took}ms\n`);
      });
      next();
    },
    close: () => new Promise((done) => stream.end(done)),
  };
}
