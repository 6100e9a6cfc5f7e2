import { decodeBase64 } from '../encoding/base64.ts';
import { UserrefError } from '../errors/userref-error.ts';
import { type KeySource, parseKeySet, pinnedSource } from '../passport/key-set.ts';
import { LONGEST_SESSION_SECONDS } from '../session/kept-until.ts';
import { memorySessionStore } from '../session/memory-session-store.ts';
import type { ResolvedOptions, UserrefOptions, UserrefPaths } from './options.ts';
import { acceptableAddress } from './web-address.ts';

const KNOWN = new Set([
  'issuer',
  'site',
  'siteSecret',
  'baseUrl',
  'previewOrigin',
  'sessionSecret',
  'webhookSecret',
  'webhookPublicKey',
  'paths',
  'afterLogout',
  'revocations',
  'pinnedKeys',
  'sessionTtlSeconds',
  'clockToleranceSeconds',
  'fetch',
  'clock',
]);
const DEFAULT_PATHS: UserrefPaths = {
  login: '/userref/login',
  callback: '/userref/callback',
  logout: '/userref/logout',
  webhook: '/userref/webhook',
  backchannelLogout: '/userref/backchannel-logout',
};
const STORE_METHODS = ['revokeSession', 'revokeUser', 'isRevoked', 'rememberWebhook'] as const;
const PATH = /^\/[A-Za-z0-9._~/-]*$/;
const SITE = /^[A-Za-z0-9._~:/@-]{1,128}$/;
const SECRET = /^[\x21-\x7e]{1,512}$/;

/** Collects every problem, so that a wrong configuration is put right in one go. */
class Problems {
  readonly #found: string[] = [];

  check(holds: boolean, problem: string): boolean {
    if (!holds) this.#found.push(problem);
    return holds;
  }

  throwIfAny(): void {
    if (this.#found.length === 0) return;
    throw new UserrefError('config_invalid', { detail: this.#found.join('; ') });
  }
}

/**
 * Checks all options at once and fills in defaults. Needs no network.
 * @throws UserrefError `config_invalid`, its `detail` naming every option that is wrong.
 */
export function resolveOptions(options: UserrefOptions): ResolvedOptions {
  const problems = new Problems();
  if (typeof options !== 'object' || options === null) {
    throw new UserrefError('config_invalid', { detail: 'options must be an object' });
  }
  for (const key of Object.keys(options)) problems.check(KNOWN.has(key), `${key} is not an option`);
  checkIdentity(options, problems);
  checkBehaviour(options, problems);
  const sessionSecrets = secretList(options.sessionSecret);
  problems.check(
    sessionSecrets.length > 0 && sessionSecrets.every((secret) => secret.length >= 32),
    'sessionSecret must be a random text of at least 32 characters, or a list of such',
  );
  const webhookKeys = secretList(options.webhookSecret ?? []).map(webhookKey);
  problems.check(
    webhookKeys.every((key) => key !== null),
    'webhookSecret must be whsec_ and the base64 of 24 to 64 bytes, or a list of such',
  );
  const webhookPublicKeys = secretList(options.webhookPublicKey ?? []).map(webhookPublicKey);
  problems.check(
    webhookPublicKeys.every((key) => key !== null),
    'webhookPublicKey must be whpk_ and the base64 of 32 bytes, or a list of such',
  );
  const pinnedKeys = resolvePinnedKeys(options, problems);
  const paths = resolvePaths(options, problems);
  problems.throwIfAny();
  const { previewOrigin, clock } = options;
  return Object.freeze({
    issuer: options.issuer,
    site: options.site,
    siteSecret: options.siteSecret,
    baseUrl: new URL(previewOrigin ?? options.baseUrl).origin,
    isPreview: previewOrigin !== undefined,
    sessionSecrets,
    webhookKeys: webhookKeys.filter((key) => key !== null),
    webhookPublicKeys: webhookPublicKeys.filter((key) => key !== null),
    paths,
    afterLogout: options.afterLogout ?? '/',
    revocations: options.revocations ?? memorySessionStore(clock && { clock }),
    pinnedKeys,
    sessionTtlSeconds: options.sessionTtlSeconds ?? 28_800,
    clockToleranceSeconds: options.clockToleranceSeconds ?? 15,
    fetch: options.fetch,
    now: () => Math.floor((clock?.().getTime() ?? Date.now()) / 1000),
  });
}

function checkIdentity(options: UserrefOptions, problems: Problems): void {
  const issuer = acceptableAddress(options.issuer);
  problems.check(
    issuer !== null && issuer.search === '',
    'issuer must be the https address of the core (http only for localhost)',
  );
  problems.check(
    isOrigin(options.baseUrl),
    'baseUrl must be the https origin of this site without a path (http only for localhost)',
  );
  problems.check(
    options.previewOrigin === undefined || isOrigin(options.previewOrigin),
    'previewOrigin must be the https origin of this preview without a path (http only for localhost)',
  );
  problems.check(isText(options.site, SITE), 'site must be the id of this site at the core');
  problems.check(isText(options.siteSecret, SECRET), 'siteSecret must be the secret of this site');
}

function checkBehaviour(options: UserrefOptions, problems: Problems): void {
  const { revocations, afterLogout = '/', sessionTtlSeconds = 60, clockToleranceSeconds = 0 } = options;
  problems.check(
    isBetween(sessionTtlSeconds, 60, LONGEST_SESSION_SECONDS),
    'sessionTtlSeconds must be a whole number from 60 to 604800',
  );
  problems.check(
    isBetween(clockToleranceSeconds, 0, 60),
    'clockToleranceSeconds must be a whole number from 0 to 60',
  );
  problems.check(isPath(afterLogout), 'afterLogout must be a path such as /');
  problems.check(
    revocations === undefined || STORE_METHODS.every((name) => typeof revocations?.[name] === 'function'),
    `revocations must have the methods ${STORE_METHODS.join(', ')}`,
  );
  for (const name of ['fetch', 'clock'] as const) {
    problems.check(['function', 'undefined'].includes(typeof options[name]), `${name} must be a function`);
  }
}

function resolvePinnedKeys({ pinnedKeys }: UserrefOptions, problems: Problems): KeySource | null {
  if (pinnedKeys === undefined) return null;
  try {
    return pinnedSource(parseKeySet(pinnedKeys));
  } catch (error) {
    const why = error instanceof UserrefError ? error.detail : 'it cannot be read';
    problems.check(false, `pinnedKeys must be a JWK set of public keys: ${why}`);
    return null;
  }
}

function resolvePaths(options: UserrefOptions, problems: Problems): UserrefPaths {
  const given = options.paths ?? {};
  for (const [name, path] of Object.entries(given)) {
    problems.check(Object.hasOwn(DEFAULT_PATHS, name), `paths.${name} is not an option`);
    problems.check(isPath(path), `paths.${name} must be a path such as /userref/${name}`);
  }
  const paths = { ...DEFAULT_PATHS, ...given };
  problems.check(
    new Set(Object.values(paths)).size === Object.keys(paths).length,
    'paths must differ from one another',
  );
  return Object.freeze(paths);
}

function secretList(secrets: unknown): string[] {
  const list: unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  return list.map((secret) => (typeof secret === 'string' ? secret : ''));
}

function webhookKey(secret: string): Uint8Array<ArrayBuffer> | null {
  const key = secret.startsWith('whsec_') ? decodeBase64(secret.slice(6)) : null;
  return key !== null && key.byteLength >= 24 && key.byteLength <= 64 ? key : null;
}

function webhookPublicKey(key: string): Uint8Array<ArrayBuffer> | null {
  const bytes = key.startsWith('whpk_') ? decodeBase64(key.slice(5)) : null;
  return bytes?.byteLength === 32 ? bytes : null;
}

function isOrigin(text: unknown): boolean {
  const url = acceptableAddress(text);
  return url !== null && url.pathname === '/' && url.search === '';
}

function isText(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && PATH.test(value) && !value.includes('//') && !value.includes('/.');
}

function isBetween(value: unknown, from: number, to: number): boolean {
  return Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
}
