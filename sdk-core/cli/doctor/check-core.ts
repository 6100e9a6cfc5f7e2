import { isObject } from '../../src/encoding/strict-json.ts';
import { parseKeySet } from '../../src/passport/key-set.ts';
import { reasonOf } from '../site/ask-core.ts';
import type { SiteSettings } from '../site/site-settings.ts';
import { VARIABLES } from '../site/variables.ts';
import { bad, type Finding, good, skipped, warning } from './finding.ts';

const WITHIN_MS = 10_000;
/** What the SDK forgives by default. */
const TOLERANCE_SECONDS = 15;
const NEEDED = [
  'authorization_endpoint',
  'token_endpoint',
  'pushed_authorization_request_endpoint',
  'jwks_uri',
];

/** The issuer's documents, as a site depends on them. */
export async function checkCore(settings: SiteSettings, now: () => number): Promise<Finding[]> {
  const issuer = settings.get(VARIABLES.issuer)?.replace(/\/$/, '');
  if (issuer === undefined || !URL.canParse(issuer))
    return [skipped('issuer', 'USERREF_ISSUER is no address.')];
  const asked = now();
  const discovery = await getJson(`${issuer}/.well-known/openid-configuration`);
  if ('failure' in discovery) {
    return [
      bad(
        'issuer',
        `${issuer} does not answer: ${discovery.failure}.`,
        'Start the core (userref dev), correct USERREF_ISSUER, or see whether a proxy or firewall is between.',
      ),
    ];
  }
  const { body } = discovery;
  if (body.issuer !== issuer) {
    return [
      bad(
        'issuer',
        'The issuer calls itself by another address.',
        `Set USERREF_ISSUER to exactly what it says: ${String(body.issuer)}`,
      ),
    ];
  }
  return [
    checkDiscovery(body),
    checkClock(discovery.date, (asked + now()) / 2),
    await checkKeys(body),
    await checkCell(body),
  ];
}

function checkDiscovery(body: Readonly<Record<string, unknown>>): Finding {
  const missing = NEEDED.filter((name) => typeof body[name] !== 'string');
  if (missing.length === 0) return good('issuer', `${String(body.issuer)} answers and is a core.`);
  return bad(
    'issuer',
    `It answers, and lacks ${missing.join(', ')}: it is no core of Userref, or a very old one.`,
    'Check USERREF_ISSUER; bring the core up to date.',
  );
}

function checkClock(date: string | null, now: number): Finding {
  const theirs = Date.parse(date ?? '') / 1000;
  if (Number.isNaN(theirs)) return skipped('clock', 'The core does not say what time it is.');
  // The header has whole seconds.
  const skew = Math.max(0, Math.abs(now - theirs) - 1);
  if (skew <= TOLERANCE_SECONDS / 3) return good('clock', `The clocks differ by ${skew.toFixed(0)} s.`);
  const says = `The clocks of this machine and of the core differ by ${skew.toFixed(0)} s.`;
  const fix = 'Have both set by NTP. clockToleranceSeconds (up to 60) helps for a while only.';
  return skew > TOLERANCE_SECONDS ? bad('clock', says, fix) : warning('clock', says, fix);
}

async function checkKeys(discovery: Readonly<Record<string, unknown>>): Promise<Finding> {
  const answer = await getJson(String(discovery.jwks_uri));
  const fix = 'Tell the operator: passports cannot be checked with such keys.';
  if ('failure' in answer) return bad('keys', `The key set cannot be fetched: ${answer.failure}.`, fix);
  try {
    const keys = parseKeySet(answer.body);
    return good('keys', `The key set is sound: ${keys.size} ${keys.size === 1 ? 'key' : 'keys'}.`);
  } catch {
    return bad('keys', 'The SDK refuses the key set.', fix);
  }
}

async function checkCell(discovery: Readonly<Record<string, unknown>>): Promise<Finding> {
  const [cell] = Array.isArray(discovery.protected_resources) ? discovery.protected_resources : [];
  const fix = 'Tell the operator: attributes cannot be fetched.';
  if (typeof cell !== 'string') return bad('cell', 'The core names no cell.', fix);
  const answer = await getJson(`${cell.replace(/\/$/, '')}/.well-known/oauth-protected-resource`);
  if ('failure' in answer) return bad('cell', `The cell at ${cell} does not answer: ${answer.failure}.`, fix);
  return good('cell', `The cell at ${cell} answers.`);
}

type Answer =
  | { readonly body: Readonly<Record<string, unknown>>; readonly date: string | null }
  | { readonly failure: string };

async function getJson(url: string): Promise<Answer> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(WITHIN_MS) });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && isObject(body)) return { body, date: response.headers.get('date') };
    return { failure: `${response.status} and no document` };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}
