import { mkdtempSync, rmSync } from 'node:fs';
import { type Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type FakeCore, type ServedFakeCore, serveFakeCore } from '@userref/sdk-core/testing';
import { type BridgeOptions, readBridgeSettings, startBridge } from '../../src/index.ts';
import { checkDocumented } from './documented-answers.ts';

export const BRIDGE_SECRET = 'secret-of-the-bridge-in-no-answer-0123456789ab';
export const SESSION_SECRET = 'secret-of-the-sessions-in-no-answer-0123456789';
export const BASE_URL = 'http://localhost:4999';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every call
  readonly body: any;
}

export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps its connections as it likes; Node's own lets go after five seconds. */
  readonly agent?: Agent;
}

export interface TestBridge {
  readonly socket: string;
  readonly address: string;
  /** Everything that it wrote to its log. */
  log(): string;
  call(path: string, options?: CallOptions): Promise<Answer>;
  stop(): Promise<void>;
}

export interface TestBridgeOptions extends BridgeOptions {
  readonly settings?: Readonly<Record<string, string>>;
}

const folders: string[] = [];

/** Removes what {@link newFolder} made. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'userref-bridge-'));
  folders.push(folder);
  return folder;
}

/** What a bridge has to know of a core, which may be the real one. */
export type SiteAtCore = Pick<FakeCore, 'issuer' | 'site' | 'siteSecret' | 'webhookSecret'>;

export function environmentFor(core: SiteAtCore): Record<string, string> {
  return {
    USERREF_ISSUER: core.issuer,
    USERREF_SITE: core.site,
    USERREF_SITE_SECRET: core.siteSecret,
    USERREF_BASE_URL: BASE_URL,
    USERREF_SESSION_SECRET: SESSION_SECRET,
    USERREF_WEBHOOK_SECRET: core.webhookSecret,
    USERREF_BRIDGE_SECRET: BRIDGE_SECRET,
    USERREF_BRIDGE_POLL_SECONDS: '0',
  };
}

/** What `support/site.php` is told: the bridge, and what both have to know of a core. */
export function siteEnvironment(
  core: SiteAtCore,
  { bridge, folder, port }: { readonly bridge: string; readonly folder: string; readonly port: number },
): Record<string, string> {
  return {
    SITE_FOLDER: folder,
    USERREF_BRIDGE: bridge,
    USERREF_BRIDGE_SECRET: BRIDGE_SECRET,
    USERREF_ISSUER: core.issuer,
    USERREF_SITE: core.site,
    USERREF_BASE_URL: `http://localhost:${port}`,
    USERREF_WEBHOOK_SECRET: core.webhookSecret,
  };
}

/** The real bridge on a socket, for a core. */
export async function startTestBridge(
  core: SiteAtCore,
  { settings = {}, ...options }: TestBridgeOptions = {},
): Promise<TestBridge> {
  const socket = join(newFolder(), 'bridge.sock');
  const environment = { ...environmentFor(core), USERREF_BRIDGE_LISTEN: `unix:${socket}`, ...settings };
  const lines: string[] = [];
  const logStream = new PassThrough();
  logStream.on('data', (chunk: Buffer) => lines.push(chunk.toString('utf8')));
  const bridge = await startBridge(readBridgeSettings({ environment }), { logStream, ...options });
  return {
    socket,
    address: bridge.address,
    log: () => lines.join(''),
    call: (path, call = {}) => callSocket(socket, path, call),
    stop: () => bridge.stop(),
  };
}

export function serveCore(options: Parameters<typeof serveFakeCore>[0] = {}): Promise<ServedFakeCore> {
  return serveFakeCore(options);
}

/**
 * One request over a socket, with the secret unless `headers` has another.
 * @throws Error when the answer is not as the API's document says
 */
export async function callSocket(
  socketPath: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const method = options.method ?? (options.body === undefined ? 'GET' : 'POST');
  const answer = await send(socketPath, path, { ...options, method });
  const contentType = String(answer.headers['content-type']);
  checkDocumented({ method, path, status: answer.status, contentType, body: answer.body });
  return answer;
}

function send(
  socketPath: string,
  path: string,
  options: CallOptions & { readonly method: string },
): Promise<Answer> {
  const text = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = {
    host: 'localhost',
    authorization: `Bearer ${BRIDGE_SECRET}`,
    ...(text !== undefined && { 'content-type': 'application/json' }),
    ...options.headers,
  };
  const { method, agent } = options;
  return new Promise((done, fail) => {
    const call = request({ socketPath, path, method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const isJson = /json/.test(response.headers['content-type'] ?? '');
        done({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: isJson ? JSON.parse(body) : body,
        });
      });
    });
    call.on('error', fail);
    call.end(text);
  });
}

/** The cookies of an answer as the browser sends them back. */
export function jar(...answers: readonly Answer[]): Record<string, string> {
  const cookies = answers.flatMap((answer) => answer.body.cookies as { name: string; value: string }[]);
  return Object.fromEntries(
    cookies.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
  );
}

/** The query that the person comes back with from the address that a login began with. */
export function comeBack(core: FakeCore, started: Answer): string {
  return core.signIn(started.body.authorization_url).search.slice(1);
}

/** A whole login. */
export async function signIn(bridge: TestBridge, core: FakeCore, start: object = {}): Promise<Answer> {
  const started = await bridge.call('/v1/login/start', { body: start });
  const body = { query: comeBack(core, started), cookies: jar(started) };
  return bridge.call('/v1/login/complete', { body });
}
