import { setTimeout as sleep } from 'node:timers/promises';
import { isObject } from '../../src/encoding/strict-json.ts';
import { counted } from '../console/counted.ts';
import { Problem } from '../console/problem.ts';
import { askCore } from '../site/ask-core.ts';
import { fetchSiteDescription, type SiteDescription } from '../site/site-description.ts';
import type { SiteSettings } from '../site/site-settings.ts';
import { VARIABLES } from '../site/variables.ts';
import { checkPreviewAddress } from './check-preview-address.ts';
import { bad, type Finding, good, skipped, warning } from './finding.ts';

/** How long a test event may take; deliveries are spread by a quarter of a second on purpose. */
const WITHIN_MS = 8_000;
const PAUSE_MS = 250;

/** What the core has registered, against what the site is set to. */
export async function checkRegistration(
  settings: SiteSettings,
  { sendTest }: { sendTest: boolean },
): Promise<Finding[]> {
  const needed = [VARIABLES.issuer, VARIABLES.site, VARIABLES.siteSecret];
  if (needed.some((name) => settings.get(name) === undefined)) {
    return [skipped('registration', 'Needs issuer, site and secret.')];
  }
  let description: SiteDescription;
  try {
    description = await fetchSiteDescription(settings);
  } catch (error) {
    return [problemFinding('registration', error)];
  }
  const baseUrl = settings.get(VARIABLES.baseUrl)?.replace(/\/$/, '') ?? '';
  const previewOrigin = settings.get(VARIABLES.previewOrigin);
  return [
    good('registration', `The core knows the site ${description.site} and its secret.`),
    previewOrigin === undefined
      ? checkRedirects(description, baseUrl)
      : checkPreviewAddress(description, previewOrigin),
    checkScopes(description),
    ...(await checkWebhooks(description, { settings, baseUrl, sendTest })),
  ];
}

/** What went wrong, as one finding among the others. */
function problemFinding(check: string, error: unknown): Finding {
  if (!(error instanceof Problem)) throw error;
  const [what = '', ...rest] = error.message.split('\n');
  return bad(check, what, rest.at(-1)?.replace(/^Do: */, '') ?? '');
}

function checkRedirects(
  { redirect_uris, post_logout_redirect_uris }: SiteDescription,
  baseUrl: string,
): Finding {
  const callback = `${baseUrl}/userref/callback`;
  if (!redirect_uris.includes(callback)) {
    return bad(
      'redirects',
      `Logins will come back to ${callback}, which is not registered. Registered: ${redirect_uris.join(', ') || 'none'}.`,
      'Have it registered exactly so, or set USERREF_BASE_URL (or the option paths) to what is.',
    );
  }
  if (![baseUrl, `${baseUrl}/`].some((uri) => post_logout_redirect_uris.includes(uri))) {
    return warning(
      'redirects',
      `After signing out nobody comes back: ${baseUrl}/ is not registered as post-logout redirect URI.`,
      'Have it registered.',
    );
  }
  return good('redirects', `${callback} is registered.`);
}

function checkScopes({ attributes, purposes }: SiteDescription): Finding {
  if (attributes.length > 0 && purposes.length === 0) {
    return warning(
      'purposes',
      'The site may ask for attributes, and no purpose is registered to ask for.',
      'Register one: userref-core purposes add',
    );
  }
  return good(
    'purposes',
    `${counted(attributes.length, 'attribute')}, ${counted(purposes.length, 'purpose')}.`,
  );
}

async function checkWebhooks(
  { webhook_endpoints }: SiteDescription,
  { settings, baseUrl, sendTest }: { settings: SiteSettings; baseUrl: string; sendTest: boolean },
): Promise<Finding[]> {
  if (webhook_endpoints.length === 0) {
    return [
      warning(
        'webhooks',
        'No webhook endpoint is registered: sessions end only when they expire.',
        `Register ${baseUrl}/userref/webhook: userref-core webhooks add. Behind a firewall: --poll`,
      ),
    ];
  }
  const disabled = webhook_endpoints.filter(({ state }) => state !== 'enabled');
  const findings = disabled.map(({ url, state }) =>
    bad('webhooks', `The endpoint ${url ?? '(polled)'} is ${state}.`, 'userref-core webhooks resume'),
  );
  const parked = webhook_endpoints.reduce((sum, one) => sum + one.parked, 0);
  if (parked > 0) {
    findings.push(
      warning(
        'webhooks',
        `${parked} events were given up.`,
        'Have them sent again: userref-core webhooks recover',
      ),
    );
  }
  const isTestable = webhook_endpoints.some(({ kind, state }) => kind === 'events' && state !== 'disabled');
  if (!isTestable) return findings;
  return [
    ...findings,
    ...(sendTest
      ? await testEndpoints(settings, webhook_endpoints).catch((error) => [problemFinding('webhooks', error)])
      : [skipped('webhooks', 'No test event was sent (--no-test).')]),
  ];
}

async function testEndpoints(
  settings: SiteSettings,
  endpoints: SiteDescription['webhook_endpoints'],
): Promise<Finding[]> {
  const { events } = await askCore(settings, '/v1/site/test-events', { method: 'POST' });
  const sent = Array.isArray(events) ? (events as { event_id: string; endpoint_id: string }[]) : [];
  return Promise.all(
    sent.map(async ({ event_id, endpoint_id }) => {
      const url = endpoints.find((one) => one.endpoint_id === endpoint_id)?.url ?? '';
      return attemptFinding(url, await firstAttempt(settings, event_id));
    }),
  );
}

interface Attempt {
  readonly status: number | null;
  readonly failure: string | null;
  readonly latency_ms: number;
}

async function firstAttempt(settings: SiteSettings, eventId: string): Promise<Attempt | undefined> {
  for (const until = Date.now() + WITHIN_MS; Date.now() < until; await sleep(PAUSE_MS)) {
    const { deliveries } = await askCore(settings, `/v1/site/deliveries?event_id=${eventId}`);
    const [delivery] = Array.isArray(deliveries) ? deliveries : [];
    const [attempt] = isObject(delivery) && Array.isArray(delivery.attempts) ? delivery.attempts : [];
    if (attempt) return attempt as Attempt;
  }
  return undefined;
}

function attemptFinding(url: string, attempt: Attempt | undefined): Finding {
  if (attempt === undefined) {
    return bad('webhooks', 'The core has not sent the test event yet.', 'See whether the core’s jobs run.');
  }
  const { status, failure, latency_ms } = attempt;
  if (status !== null && status >= 200 && status < 300) {
    return good('webhooks', `The core reached ${url}: ${status} in ${latency_ms} ms.`);
  }
  const says = `The core could not deliver to ${url}: ${status ?? failure ?? 'no answer'}.`;
  if (status === 401 || status === 400) {
    return bad(
      'webhooks',
      says,
      'The handler refused it: set USERREF_WEBHOOK_SECRET to this endpoint’s secret, and let the SDK have the raw body.',
    );
  }
  if (status === null) {
    return bad(
      'webhooks',
      says,
      'Start the site; it must be reachable from the core. If it cannot be: userref webhooks listen, or a polling endpoint.',
    );
  }
  return bad('webhooks', says, 'Mount the SDK’s webhook handler at this address.');
}
