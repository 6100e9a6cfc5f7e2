import { UserrefError } from '../../src/errors/userref-error.ts';
import { resolveOptions } from '../../src/options/resolve-options.ts';
import type { SiteSettings } from '../site/site-settings.ts';
import { VARIABLES, type VariableName } from '../site/variables.ts';
import { bad, type Finding, good, skipped, warning } from './finding.ts';

/** Different letters in a random secret of this length; one that somebody typed has fewer. */
const FEWEST_LETTERS = 12;
/** Secrets that stand in examples. */
const EXAMPLES = /change.?me|your.?secret|example|placeholder|0{16}|(.)\1{15}/i;

/** What can be told without the network. */
export function checkSettings(settings: SiteSettings): Finding[] {
  return [...checkPresence(settings), checkOptions(settings), checkSecrets(settings), checkCookies(settings)];
}

function checkPresence(settings: SiteSettings): Finding[] {
  const optional: readonly VariableName[] = [VARIABLES.webhookSecret, VARIABLES.previewOrigin];
  const needed = Object.values(VARIABLES).filter((name) => !optional.includes(name));
  const missing = needed.filter((name) => settings.get(name) === undefined);
  const findings =
    missing.length === 0
      ? [good('settings', `All settings are there, from ${settings.source}.`)]
      : [
          bad(
            'settings',
            `Not set: ${missing.join(', ')}. Looked for in ${settings.source}.`,
            'Run `userref dev`, which writes them, or set them to what the operator gave you.',
          ),
        ];
  if (settings.get(VARIABLES.webhookSecret) === undefined) {
    findings.push(
      warning(
        'webhook-secret',
        'USERREF_WEBHOOK_SECRET is not set: the site does not hear when a person withdraws.',
        'Have an endpoint registered (userref-core webhooks add) and set the secret it shows.',
      ),
    );
  }
  return findings;
}

/** The SDK's own judgement, so that this command and the SDK never disagree. */
function checkOptions(settings: SiteSettings): Finding {
  const values = Object.entries(VARIABLES).map(([option, name]) => [option, settings.get(name)]);
  const given = Object.fromEntries(values.filter(([, value]) => value !== undefined));
  try {
    resolveOptions(given);
    return good('options', 'The SDK accepts the settings.');
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    return bad('options', `The SDK refuses the settings: ${error.detail}.`, error.fix);
  }
}

function checkSecrets(settings: SiteSettings): Finding {
  const names = [VARIABLES.sessionSecret, VARIABLES.siteSecret];
  const set = names.filter((name) => settings.get(name) !== undefined);
  if (set.length === 0) return skipped('secrets', 'No secret is set.');
  const weak = set.filter((name) => isWeak(settings.get(name) ?? ''));
  const [session, site] = names.map((name) => settings.get(name));
  if (session !== undefined && session === site) {
    return bad(
      'secrets',
      'The session secret is the site’s secret.',
      'Make one of its own: openssl rand -base64 32',
    );
  }
  if (weak.length === 0) return good('secrets', 'The secrets are long and look random.');
  return bad(
    'secrets',
    `${weak.join(' and ')} can be guessed: too short, or too regular.`,
    'Make a session secret with `openssl rand -base64 32`; have a site secret made by the operator.',
  );
}

function isWeak(secret: string): boolean {
  return secret.length < 32 || new Set(secret).size < FEWEST_LETTERS || EXAMPLES.test(secret);
}

function checkCookies(settings: SiteSettings): Finding {
  const text = settings.get(VARIABLES.baseUrl) ?? '';
  if (!URL.canParse(text)) return skipped('cookies', 'Depends on USERREF_BASE_URL.');
  const { protocol, hostname, pathname, origin } = new URL(text);
  if (pathname !== '/' || text.replace(/\/$/, '') !== origin) {
    return bad('cookies', 'USERREF_BASE_URL is more than an origin.', `Set it to ${origin}`);
  }
  if (protocol === 'https:')
    return good('cookies', 'Over https: the cookie is __Host-userref, Secure and HttpOnly.');
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (!isLocal) {
    return bad(
      'cookies',
      'USERREF_BASE_URL is http, and not on this machine: browsers keep no secure cookie.',
      'Serve the site over https and set USERREF_BASE_URL to that address.',
    );
  }
  return warning(
    'cookies',
    'Over http on this machine the cookie has the site’s name and no Secure; other local sites can see it.',
    'Fine for development. In production USERREF_BASE_URL must be https.',
  );
}
