import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const secret = z.string().min(1).optional();

/** The settings of the sign-in service beyond issuer and client, a part of the schema in settings.ts. */
export const upstreamSettingsShape = {
  USERREF_UPSTREAM_PRESET: z
    .enum(['logto', 'generic'])
    .default('logto')
    .describe('What the sign-in service is: `logto`, or `generic` for any other OpenID provider.'),
  USERREF_UPSTREAM_SCOPE: z
    .string()
    .regex(/^openid( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be scopes, the first of them openid')
    .optional()
    .describe('Scopes to ask for. Default: those of the preset.'),
  USERREF_UPSTREAM_CLAIMS: z
    .string()
    .regex(/^[a-z_:]+=[^\s,=]+(,[a-z_:]+=[^\s,=]+)*$/, 'must be attribute=claim, separated by commas')
    .optional()
    .describe(
      'Which claim an attribute is taken from where it is not the usual one: `contact:email=mail,profile:name=person.display_name`.',
    ),
  USERREF_UPSTREAM_OFFLINE_ACCESS: flag
    .optional()
    .describe('Whether to ask for a refresh token, which is revoked at sign-out. Default: `true` for Logto.'),
  USERREF_UPSTREAM_FIRST_SCREEN: z
    .string()
    .regex(/^[a-z_:]{1,40}$/)
    .optional()
    .describe('Logto’s `first_screen`, such as `register` or `identifier:sign_in`.'),
  USERREF_LOGTO_MANAGEMENT_CLIENT_ID: secret.describe(
    'Machine-to-machine application at Logto. Without it nothing but sign-in works: no deletion, no reconciliation.',
  ),
  USERREF_LOGTO_MANAGEMENT_CLIENT_SECRET: secret.describe('Its secret: full control of that Logto.').meta({
    secret: true,
  }),
  USERREF_LOGTO_WEBHOOK_KEYS: secret
    .describe('Signing key of Logto’s webhook; after a rotation also the key before, separated by a comma.')
    .meta({ secret: true }),
  USERREF_LOGTO_ON_DELETED: z
    .enum(['erase', 'freeze'])
    .default('erase')
    .describe('What becomes of a person whose account was deleted at Logto.'),
  USERREF_LOGTO_RECONCILE_EVERY_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .default(900)
    .describe('Pause between two rounds of comparing with Logto, which sends each event once.'),
  USERREF_LOGTO_REQUESTS_PER_SECOND: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(10)
    .describe('How fast reconciliation may ask Logto; 100 users a request.'),
};

/** How people's accounts at Logto are kept in step. */
export interface LogtoManagementSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly onDeleted: 'erase' | 'freeze';
  readonly reconcileEverySeconds: number;
  readonly requestsPerSecond: number;
}

/** The sign-in service: what the house sees of its settings. */
export interface UpstreamSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly preset?: 'logto' | 'generic';
  readonly scope?: string;
  readonly claims?: string;
  readonly offlineAccess?: boolean;
  readonly firstScreen?: string;
  readonly management?: LogtoManagementSettings;
  /** The newest first. */
  readonly webhookKeys?: readonly string[];
}

type RawUpstreamSettings = z.output<z.ZodObject<typeof upstreamSettingsShape>>;

export function nameUpstreamSettings(
  raw: RawUpstreamSettings,
): Omit<UpstreamSettings, 'issuer' | 'clientId' | 'clientSecret'> {
  const preset = raw.USERREF_UPSTREAM_PRESET;
  const management = managementOf(raw);
  return {
    preset,
    offlineAccess: raw.USERREF_UPSTREAM_OFFLINE_ACCESS ?? preset === 'logto',
    webhookKeys: (raw.USERREF_LOGTO_WEBHOOK_KEYS ?? '')
      .split(',')
      .map((key) => key.trim())
      .filter(Boolean),
    ...(raw.USERREF_UPSTREAM_SCOPE && { scope: raw.USERREF_UPSTREAM_SCOPE }),
    ...(raw.USERREF_UPSTREAM_CLAIMS && { claims: raw.USERREF_UPSTREAM_CLAIMS }),
    ...(raw.USERREF_UPSTREAM_FIRST_SCREEN && { firstScreen: raw.USERREF_UPSTREAM_FIRST_SCREEN }),
    ...(management && { management }),
  };
}

/** Settings that are fine alone and wrong together. */
export function upstreamContradictions(raw: RawUpstreamSettings): string[] {
  const id = raw.USERREF_LOGTO_MANAGEMENT_CLIENT_ID;
  const key = raw.USERREF_LOGTO_MANAGEMENT_CLIENT_SECRET;
  const problems: string[] = [];
  if ((id === undefined) !== (key === undefined))
    problems.push('USERREF_LOGTO_MANAGEMENT_CLIENT_ID and …_SECRET come together or not at all');
  if (raw.USERREF_LOGTO_WEBHOOK_KEYS && !id)
    problems.push(
      'USERREF_LOGTO_WEBHOOK_KEYS needs USERREF_LOGTO_MANAGEMENT_CLIENT_ID: events are looked up there',
    );
  if (id && raw.USERREF_UPSTREAM_PRESET !== 'logto')
    problems.push('USERREF_LOGTO_MANAGEMENT_CLIENT_ID is for USERREF_UPSTREAM_PRESET=logto only');
  return problems;
}

function managementOf(raw: RawUpstreamSettings): LogtoManagementSettings | undefined {
  const clientId = raw.USERREF_LOGTO_MANAGEMENT_CLIENT_ID;
  const clientSecret = raw.USERREF_LOGTO_MANAGEMENT_CLIENT_SECRET;
  if (!clientId || !clientSecret) return undefined;
  return {
    clientId,
    clientSecret,
    onDeleted: raw.USERREF_LOGTO_ON_DELETED,
    reconcileEverySeconds: raw.USERREF_LOGTO_RECONCILE_EVERY_SECONDS,
    requestsPerSecond: raw.USERREF_LOGTO_REQUESTS_PER_SECOND,
  };
}
