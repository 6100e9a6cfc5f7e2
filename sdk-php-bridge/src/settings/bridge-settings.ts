import { createUserref, UserrefError, type UserrefOptions } from '@userref/sdk-core';
import { type ListenAddress, parseListenAddress } from './listen-address.ts';
import { isPreviewPattern } from './preview-patterns.ts';
import type { SettingName } from './setting-list.ts';
import { readValues, type SettingSources, type SettingValues } from './setting-values.ts';

/** What the bridge runs with. Holds secrets: never log it. */
export interface BridgeSettings {
  readonly listen: ListenAddress;
  readonly socketGroup: string | undefined;
  /** What PHP may show; any of them. */
  readonly secrets: readonly string[];
  /** Host names in lower case, without port. */
  readonly hosts: readonly string[];
  /** Patterns of origins, such as `https://*--shop.netlify.app`, that PHP may name as previews. */
  readonly previews: readonly string[];
  /** 0: never. */
  readonly pollSeconds: number;
  readonly unsealPerMinute: number;
  readonly logLevel: string;
  readonly userref: UserrefOptions;
}

/** Names of the SDK's options in its list of problems, and the settings that they come from. */
const SETTING_OF: Readonly<Record<string, SettingName>> = {
  issuer: 'USERREF_ISSUER',
  siteSecret: 'USERREF_SITE_SECRET',
  site: 'USERREF_SITE',
  baseUrl: 'USERREF_BASE_URL',
  sessionSecret: 'USERREF_SESSION_SECRET',
  webhookSecret: 'USERREF_WEBHOOK_SECRET',
  webhookPublicKey: 'USERREF_WEBHOOK_PUBLIC_KEY',
  sessionTtlSeconds: 'USERREF_SESSION_TTL_SECONDS',
  clockToleranceSeconds: 'USERREF_CLOCK_TOLERANCE_SECONDS',
  afterLogout: 'USERREF_AFTER_LOGOUT',
  'paths.login': 'USERREF_LOGIN_PATH',
  'paths.callback': 'USERREF_CALLBACK_PATH',
  'paths.logout': 'USERREF_LOGOUT_PATH',
  'paths.webhook': 'USERREF_WEBHOOK_PATH',
};
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'];
const SECRET = /^[\x21-\x7e]{43,512}$/;
const GROUP = /^[a-z_][a-z0-9_-]{0,31}$|^\d{1,10}$/;
const HOST = /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])$/;

/**
 * Reads and checks all settings at once.
 * @throws UserrefError `config_invalid`; its `detail` lists every problem, by name and without values
 */
export function readBridgeSettings(sources: SettingSources): BridgeSettings {
  const { values, problems } = readValues(sources);
  const listen = parseListenAddress(values.USERREF_BRIDGE_LISTEN);
  if ('problem' in listen) problems.push(`USERREF_BRIDGE_LISTEN ${listen.problem}`);
  const secrets = listOf(values.USERREF_BRIDGE_SECRET);
  const hosts = listOf(values.USERREF_BRIDGE_HOSTS.toLowerCase());
  const previews = listOf(values.USERREF_BRIDGE_PREVIEWS);
  checkOwn(values, { secrets, hosts, previews }, problems);
  const userref = userrefOptions(values);
  problems.push(...problemsOfSdk(userref, values));
  if (problems.length > 0 || 'problem' in listen) {
    throw new UserrefError('config_invalid', { detail: problems.join('; ') });
  }
  return Object.freeze({
    listen,
    socketGroup: values.USERREF_BRIDGE_SOCKET_GROUP || undefined,
    secrets,
    hosts,
    previews,
    pollSeconds: Number(values.USERREF_BRIDGE_POLL_SECONDS),
    unsealPerMinute: Number(values.USERREF_BRIDGE_UNSEAL_PER_MINUTE),
    logLevel: values.USERREF_LOG_LEVEL,
    userref,
  });
}

function checkOwn(
  values: SettingValues,
  { secrets, hosts, previews }: Pick<BridgeSettings, 'secrets' | 'hosts' | 'previews'>,
  problems: string[],
): void {
  const check = (holds: boolean, problem: string) => void (holds || problems.push(problem));
  const { USERREF_BRIDGE_POLL_SECONDS: poll, USERREF_BRIDGE_SOCKET_GROUP: group } = values;
  if (values.USERREF_BRIDGE_SECRET !== '') {
    const fits = [1, 2].includes(secrets.length) && secrets.every((secret) => SECRET.test(secret));
    check(fits, 'USERREF_BRIDGE_SECRET must be a random text of 43 characters or more, or two of them');
  }
  check(
    hosts.length > 0 && hosts.every((host) => HOST.test(host)),
    'USERREF_BRIDGE_HOSTS must be host names',
  );
  check(
    previews.every(isPreviewPattern),
    'USERREF_BRIDGE_PREVIEWS must be https origins with one * in the first label (http only below localhost)',
  );
  check(poll === '0' || isBetween(poll, 5, 3600), 'USERREF_BRIDGE_POLL_SECONDS must be 0, or from 5 to 3600');
  check(
    isBetween(values.USERREF_BRIDGE_UNSEAL_PER_MINUTE, 1, 6000),
    'USERREF_BRIDGE_UNSEAL_PER_MINUTE must be from 1 to 6000',
  );
  check(group === '' || GROUP.test(group), 'USERREF_BRIDGE_SOCKET_GROUP must be a name or number of a group');
  check(
    LOG_LEVELS.includes(values.USERREF_LOG_LEVEL),
    `USERREF_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`,
  );
}

function userrefOptions(values: SettingValues): UserrefOptions {
  const webhookSecret = listOf(values.USERREF_WEBHOOK_SECRET);
  const webhookPublicKey = listOf(values.USERREF_WEBHOOK_PUBLIC_KEY);
  return {
    issuer: values.USERREF_ISSUER,
    site: values.USERREF_SITE,
    siteSecret: values.USERREF_SITE_SECRET,
    baseUrl: values.USERREF_BASE_URL,
    sessionSecret: listOf(values.USERREF_SESSION_SECRET),
    ...(webhookSecret.length > 0 && { webhookSecret }),
    ...(webhookPublicKey.length > 0 && { webhookPublicKey }),
    sessionTtlSeconds: Number(values.USERREF_SESSION_TTL_SECONDS),
    clockToleranceSeconds: Number(values.USERREF_CLOCK_TOLERANCE_SECONDS),
    afterLogout: values.USERREF_AFTER_LOGOUT,
    paths: {
      login: values.USERREF_LOGIN_PATH,
      callback: values.USERREF_CALLBACK_PATH,
      logout: values.USERREF_LOGOUT_PATH,
      webhook: values.USERREF_WEBHOOK_PATH,
    },
  };
}

/** What the SDK has to say, in the words of the settings; nothing about those that are missing anyway. */
function problemsOfSdk(options: UserrefOptions, values: SettingValues): string[] {
  try {
    createUserref(options);
    return [];
  } catch (error) {
    if (!(error instanceof UserrefError) || error.code !== 'config_invalid') throw error;
    return error.detail.split('; ').flatMap((problem) => inOurWords(problem, values));
  }
}

function inOurWords(problem: string, values: SettingValues): string[] {
  const [option = '', ...rest] = problem.split(' ');
  const setting = SETTING_OF[option];
  if (setting === undefined) return [problem];
  return values[setting] === '' ? [] : [[setting, ...rest].join(' ')];
}

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

function isBetween(text: string, from: number, to: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to;
}
