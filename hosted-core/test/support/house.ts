import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as openid from 'openid-client';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { Browser } from './browser.ts';

const PROCESS = fileURLToPath(new URL('house-process.ts', import.meta.url));

export interface HousePlace {
  readonly dataDir: string;
  readonly ports: { core: number; cell: number; signIn: number };
}

export interface HouseProcess {
  readonly settings: Settings;
  /** SIGKILL: nothing is cleaned up, not even the database. */
  kill(): Promise<void>;
}

/** Starts core, cell, database and development sign-in as one process. */
export async function startHouseProcess(place: HousePlace): Promise<HouseProcess> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--conditions=@userref/source', PROCESS, JSON.stringify(place)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const { configFile } = JSON.parse(line.toString()) as { configFile: string };
  return {
    settings: loadSettings({ environment: {}, file: configFile }),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

export interface Visit {
  readonly config: openid.Configuration;
  readonly callback: string;
  readonly browser: Browser;
  readonly parameters?: Record<string, string>;
  /** Ticks these on the consent page. */
  readonly share?: readonly string[];
}

/** A login (and a consent, if asked) as a person does it, form by form; resolves with the site's tokens. */
export async function visit({ config, callback, browser, parameters = {}, share = [] }: Visit) {
  const verifier = openid.randomPKCECodeVerifier();
  const start = await openid.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: callback,
    scope: 'openid',
    state: 's',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  let { url, response } = await browser.open(start.href, { stopAt: callback });
  while (!url.href.startsWith(callback)) {
    const html = await response.text();
    const answer = html.includes('name="login"')
      ? { login: 'amber' }
      : { csrf: fieldOf(html, 'csrf'), decision: 'share', attribute: share, duration: 'days_30' };
    ({ url, response } = await post(browser, { page: url, html, answer, stopAt: callback }));
  }
  return openid.authorizationCodeGrant(config, url, { pkceCodeVerifier: verifier, expectedState: 's' });
}

/** Sends the last form of the page that has the first field of the answer. */
export async function post(
  browser: Browser,
  form: {
    page: URL;
    html: string;
    answer: Record<string, string | readonly string[]>;
    stopAt?: string;
    action?: string;
  },
) {
  const action =
    form.action ??
    /<form method="post" action="([^"]+(?:consent|sign-in\/[^"]+))"/.exec(form.html)?.[1] ??
    '';
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form.answer))
    for (const one of [value].flat()) body.append(name, one as string);
  const target = new URL(action, form.page);
  const response = await browser.fetch(target, {
    method: 'POST',
    body,
    headers: { origin: target.origin, 'sec-fetch-site': 'same-origin' },
  });
  const next = response.headers.get('location');
  if (!next) return { url: target, response };
  return browser.open(new URL(next, target).href, form.stopAt ? { stopAt: form.stopAt } : {});
}

export function fieldOf(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';
}
