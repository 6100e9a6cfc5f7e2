import packageJson from '../../package.json' with { type: 'json' };
import { within } from '../server/within.ts';
import type { Endpoint } from './endpoint.ts';
import { object, text } from './schema.ts';

/** Version of the API in its paths. */
export const API_VERSION = 'v1';

/** Keys this young say that the core answers. */
const RECENT_SECONDS = 30;
/** PHP waits two seconds for the health. */
const REACHED_MS = 1500;

const maybeNumber = (description: string) => ({ type: ['integer', 'null'], description });

export const health: Endpoint = {
  method: 'GET',
  path: '/v1/health',
  operationId: 'health',
  summary: 'Whether the bridge can do its work, and how far the clocks are apart.',
  answer: object({
    status: {
      type: 'string',
      enum: ['ok', 'degraded'],
      description: 'degraded: the core does not answer, or publishes no good keys.',
    },
    issuer: text('The hosted core.'),
    site: text('The site.'),
    version: text('Of this bridge.'),
    api: { type: 'array', items: { type: 'string' } },
    clock_offset_ms: maybeNumber('The core’s clock minus ours.'),
    jwks_age_s: maybeNumber('Age of the cached key set.'),
    revocations: object({
      caught_up: { type: 'boolean', description: 'The core told this site what has happened of late.' },
      age_s: maybeNumber('Since the core was last asked.'),
    }),
  }),
  errors: [],
  async handle({ parts: { userref, keys, core, feed } }) {
    const isReachable = await within(REACHED_MS, keys.renew(RECENT_SECONDS)).then(
      () => true,
      () => false,
    );
    const { caughtUp, ageSeconds } = feed.state();
    return {
      status: isReachable ? 'ok' : 'degraded',
      issuer: userref.issuer,
      site: userref.site,
      version: packageJson.version,
      api: [API_VERSION],
      clock_offset_ms: core.clockOffsetMs(),
      jwks_age_s: keys.ageSeconds(),
      revocations: { caught_up: caughtUp, age_s: ageSeconds },
    };
  },
};

export const jwks: Endpoint = {
  method: 'GET',
  path: '/v1/jwks',
  operationId: 'jwks',
  summary: 'The issuer’s key set, for passports that PHP verifies by itself.',
  answer: { type: 'object', description: 'A JWK set (RFC 7517).' },
  errors: ['discovery_failed', 'network_failed', 'passport_key_unusable'],
  cacheSeconds: 300,
  handle: ({ parts: { keys } }) => keys.get(),
};
