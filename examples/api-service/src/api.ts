import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Passport, UserrefError } from '@userref/sdk-core';
import type { CheckPassport } from './check-passport.ts';
import { MAX_NOTE_BYTES, Notes } from './notes.ts';

export interface ApiOptions {
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  readonly check: CheckPassport;
}

export interface Api {
  readonly url: string;
  close(): Promise<void>;
}

/** `GET /v1/me`, `GET /v1/note`, `PUT /v1/note`, each with `Authorization: Bearer <passport>`. */
export async function startApi({ port, check }: ApiOptions): Promise<Api> {
  const notes = new Notes();
  const server: Server = createServer((request, response) => {
    void answer(request, response, { check, notes });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface Parts {
  readonly check: CheckPassport;
  readonly notes: Notes;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { check, notes }: Parts,
): Promise<void> {
  try {
    const passport = await check(bearerOf(request));
    const body = await routes(request, passport, notes);
    if (body === null) send(response, 404, { code: 'not_found', title: 'Not found' });
    else send(response, 200, body);
  } catch (error) {
    if (error instanceof UserrefError) refuse(response, error);
    else send(response, 500, { code: 'internal_error', title: 'Internal error' });
  }
}

async function routes(request: IncomingMessage, passport: Passport, notes: Notes): Promise<object | null> {
  const { userRef, assuranceLevel, authTime } = passport;
  switch (`${request.method} ${request.url}`) {
    case 'GET /v1/me':
      return { user_ref: userRef, assurance_level: assuranceLevel, auth_time: authTime };
    case 'GET /v1/note':
      return { note: notes.get(userRef) };
    case 'PUT /v1/note':
      notes.set(userRef, await textOf(request));
      return { note: notes.get(userRef) };
    default:
      return null;
  }
}

/** RFC 6750 §2.1. A passport in the address would end up in logs, so it is looked for nowhere else. */
function bearerOf(request: IncomingMessage): string {
  const [, passport] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (passport === undefined) throw new UserrefError('not_signed_in');
  return passport;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_NOTE_BYTES) throw new UserrefError('payload_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** What is wrong with a passport is 401; an issuer that does not answer is 503. */
function refuse(response: ServerResponse, error: UserrefError): void {
  const status = error.code === 'payload_too_large' ? 413 : error.isTransient ? 503 : 401;
  // Who brings no passport is told what to bring, and no error (RFC 6750 §3.1).
  const challenge = error.code === 'not_signed_in' ? 'Bearer' : 'Bearer error="invalid_token"';
  if (status === 401) response.setHeader('WWW-Authenticate', challenge);
  if (status === 503) response.setHeader('Retry-After', '5');
  const { code, title, detail, helpUrl: type } = error;
  send(response, status, { type, title, status, detail, code });
}

function send(response: ServerResponse, status: number, body: object): void {
  const type = status === 200 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
