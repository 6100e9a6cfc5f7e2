import { z } from 'zod';
import { type AuditSettings, auditSettingsShape, nameAuditSettings } from './audit-settings.ts';
import { type ErasureSettings, erasureSettingsShape, nameErasureSettings } from './erasure-settings.ts';
import {
  type KeyServiceSettings,
  keyServiceSettingsShape,
  nameKeyServiceSettings,
} from './key-service-settings.ts';
import { nameUpstreamSettings, type UpstreamSettings, upstreamSettingsShape } from './upstream-settings.ts';

const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/$/, ''));
const postgres = z.url({ protocol: /^postgres(ql)?$/ });
const listen = z
  .string()
  .regex(/^[^\s:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i, 'must be host:port')
  .transform((value) => {
    const at = value.lastIndexOf(':');
    return { host: value.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(value.slice(at + 1)) };
  });

/**
 * Every setting of the hosted core, in one place. The key is the environment variable; the description is
 * the reference. A variable that starts with `USERREF_` and is not listed here is refused.
 */
export const settingsSchema = z.strictObject({
  NODE_ENV: z
    .enum(['production', 'development', 'test'])
    .default('production')
    .describe('In `production` the development sign-in and loopback webhooks are refused.'),
  USERREF_TENANT: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .default('default')
    .describe('Id of the tenant that this process serves.'),
  USERREF_MODE: z
    .enum(['live', 'test'])
    .default('live')
    .describe(
      'In `test` sites may sign people in at addresses of previews, and the pages of the cell say that it is a test. Chosen once for a tenant; its issuer, keys and people are its own.',
    ),
  USERREF_REGION: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .default('local')
    .describe('Region of the cell; part of every key context, so never change it once there is data.'),
  USERREF_CORE_URL: url.describe(
    'Public address of the core, which is the OpenID issuer, such as `https://id.example.eu`.',
  ),
  USERREF_CORE_LISTEN: listen.prefault('127.0.0.1:4000').describe('Where the core listens.'),
  USERREF_CELL_URL: url.describe(
    'Public address of the cell, where people see and decide, such as `https://eu.id.example.eu`.',
  ),
  USERREF_CELL_LISTEN: listen.prefault('127.0.0.1:4001').describe('Where the cell listens.'),
  USERREF_METRICS_LISTEN: listen
    .optional()
    .describe('Where `/metrics` is, in the Prometheus text format. Default: nowhere.'),
  USERREF_CORE_DATABASE_URL: postgres.describe('PostgreSQL as role `core_app`.').meta({ secret: true }),
  USERREF_CELL_DATABASE_URL: postgres.describe('PostgreSQL as role `cell_app`.').meta({ secret: true }),
  USERREF_CORE_JOBS_DATABASE_URL: postgres
    .optional()
    .describe(
      'PostgreSQL as `core_app` for the job worker, past a transaction pooler: directly, or in session mode. Default: as above, where jobs that wait are seen once a second instead of at once.',
    )
    .meta({ secret: true }),
  USERREF_CELL_JOBS_DATABASE_URL: postgres
    .optional()
    .describe('The same as `cell_app`.')
    .meta({ secret: true }),
  USERREF_ADMIN_DATABASE_URL: postgres
    .optional()
    .describe('PostgreSQL as a role that may create roles and schemas. Read by `migrate` only.')
    .meta({ secret: true }),
  USERREF_CORE_SECRET_FILE: z
    .string()
    .min(1)
    .describe(
      'File with the core secret, which seals signing keys and webhook secrets. Make it by `userref-core secrets create`.',
    ),
  ...keyServiceSettingsShape,
  USERREF_UPSTREAM_ISSUER: url.describe(
    'OpenID issuer that people sign in at, such as Logto: `https://logto.example.eu/oidc`.',
  ),
  USERREF_UPSTREAM_CLIENT_ID: z.string().min(1).describe('Our client id at the upstream issuer.'),
  USERREF_UPSTREAM_CLIENT_SECRET: z
    .string()
    .min(1)
    .describe('Our client secret there.')
    .meta({ secret: true }),
  ...upstreamSettingsShape,
  USERREF_OPERATOR_NAME: z
    .string()
    .min(1)
    .default('The operator of this service')
    .describe('Who answers for the service; shown at the foot of every page.'),
  USERREF_LOOKUP_OPERATORS: z
    .string()
    .default('')
    .describe(
      'Who may look people up by an e-mail address or phone number (`userref-core dsr find`): ids of operators, separated by commas. Default: nobody.',
    ),
  USERREF_OPERATOR_PRIVACY_URL: url
    .optional()
    .describe('Where the privacy notice is; linked at the foot of every page.'),
  USERREF_OPERATOR_HELP_URL: url
    .optional()
    .describe('Where people find help; linked at the foot of every page.'),
  USERREF_OUTBOUND: z
    .enum(['public', 'public-and-loopback'])
    .default('public')
    .describe('Where webhooks may go. `public-and-loopback` is for development and refused in production.'),
  USERREF_TRUSTED_PROXIES: z
    .string()
    .default('')
    .describe(
      'Comma-separated addresses or networks of reverse proxies whose `X-Forwarded-*` is believed. Empty: none.',
    ),
  ...auditSettingsShape,
  ...erasureSettingsShape,
  USERREF_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('How much is logged, as JSON lines on stderr.'),
});

export type RawSettings = z.output<typeof settingsSchema>;
export type SettingName = keyof RawSettings;

/** What the rest of the house sees: named by meaning, frozen. */
export interface Settings {
  readonly production: boolean;
  readonly tenantId: string;
  readonly mode: 'live' | 'test';
  readonly region: string;
  readonly core: {
    readonly url: string;
    readonly listen: Listen;
    readonly databaseUrl: string;
    readonly jobsDatabaseUrl: string | undefined;
    readonly secretFile: string;
  };
  readonly cell: {
    readonly url: string;
    readonly listen: Listen;
    readonly databaseUrl: string;
    readonly jobsDatabaseUrl: string | undefined;
    readonly keyService: KeyServiceSettings;
  };
  readonly metricsListen: Listen | undefined;
  readonly adminDatabaseUrl: string | undefined;
  readonly upstream: UpstreamSettings;
  readonly operator: { readonly name: string; readonly privacyUrl?: string; readonly helpUrl?: string };
  /** Ids of operators who may look people up. */
  readonly lookupOperators: readonly string[];
  readonly outbound: 'public' | 'public-and-loopback';
  readonly trustedProxies: readonly string[];
  readonly audit: AuditSettings;
  readonly erasure: ErasureSettings;
  readonly logLevel: string;
}

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** Gives the settings their names of meaning. */
export function nameSettings(raw: RawSettings): Settings {
  return Object.freeze({
    production: raw.NODE_ENV === 'production',
    tenantId: raw.USERREF_TENANT,
    mode: raw.USERREF_MODE,
    region: raw.USERREF_REGION,
    core: {
      url: raw.USERREF_CORE_URL,
      listen: raw.USERREF_CORE_LISTEN,
      databaseUrl: raw.USERREF_CORE_DATABASE_URL,
      jobsDatabaseUrl: raw.USERREF_CORE_JOBS_DATABASE_URL,
      secretFile: raw.USERREF_CORE_SECRET_FILE,
    },
    cell: {
      url: raw.USERREF_CELL_URL,
      listen: raw.USERREF_CELL_LISTEN,
      databaseUrl: raw.USERREF_CELL_DATABASE_URL,
      jobsDatabaseUrl: raw.USERREF_CELL_JOBS_DATABASE_URL,
      keyService: nameKeyServiceSettings(raw),
    },
    metricsListen: raw.USERREF_METRICS_LISTEN,
    adminDatabaseUrl: raw.USERREF_ADMIN_DATABASE_URL,
    upstream: {
      issuer: raw.USERREF_UPSTREAM_ISSUER,
      clientId: raw.USERREF_UPSTREAM_CLIENT_ID,
      clientSecret: raw.USERREF_UPSTREAM_CLIENT_SECRET,
      ...nameUpstreamSettings(raw),
    },
    operator: {
      name: raw.USERREF_OPERATOR_NAME,
      ...(raw.USERREF_OPERATOR_PRIVACY_URL && { privacyUrl: raw.USERREF_OPERATOR_PRIVACY_URL }),
      ...(raw.USERREF_OPERATOR_HELP_URL && { helpUrl: raw.USERREF_OPERATOR_HELP_URL }),
    },
    lookupOperators: listOf(raw.USERREF_LOOKUP_OPERATORS),
    outbound: raw.USERREF_OUTBOUND,
    trustedProxies: listOf(raw.USERREF_TRUSTED_PROXIES),
    audit: nameAuditSettings(raw),
    erasure: nameErasureSettings(raw),
    logLevel: raw.USERREF_LOG_LEVEL,
  });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}
