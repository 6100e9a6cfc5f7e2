import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { UserrefOptions } from '@userref/sdk-core';
import { FakeCore } from '@userref/sdk-core/testing';
import { visit } from '../../bench/client/page-visitor.ts';
import { Browser } from './browser.ts';

/** A core as a site meets it, with one person who signs in and shares what they are told to. */
export interface CoreUnderTest {
  readonly options: UserrefOptions;
  readonly cell: string;
  readonly fetch: typeof globalThis.fetch;
  /** What a browser does at the address that the SDK gave; the result is where it comes back. */
  signIn(url: string, shares?: readonly string[]): Promise<URL>;
  /** Publishes an event for the site. */
  publish(): Promise<void>;
}

const SESSION_SECRET = 'a session secret of this test and of no site';

export function fakeCoreUnderTest(): CoreUnderTest {
  const core = new FakeCore({ site: 'localhost-3000' });
  core.consented = {};
  core.consentedFor = 'order_delivery';
  core.redirectUris = ['http://localhost:3000/userref/callback'];
  return {
    options: {
      ...core.options,
      baseUrl: 'http://localhost:3000',
      sessionSecret: SESSION_SECRET,
      fetch: core.fetch,
    },
    cell: core.cell,
    fetch: core.fetch,
    async signIn(url, shares = []) {
      core.person.shares = shares.length > 0;
      return core.signIn(url);
    },
    publish: async () => void (await core.webhook({ type: 'endpoint.test', data: {} })),
  };
}

/** The emulator that was started in a folder. */
export async function emulatorUnderTest(folder: string, { cell }: { cell: string }): Promise<CoreUnderTest> {
  const env = parseEnv(readFileSync(join(folder, '.env.local'), 'utf8')) as Record<string, string>;
  const setting = (name: string) => env[`USERREF_${name}`] ?? '';
  const [issuer, site, siteSecret] = [setting('ISSUER'), setting('SITE'), setting('SITE_SECRET')];
  const baseUrl = setting('BASE_URL');
  return {
    options: {
      ...{ issuer, site, siteSecret, baseUrl, sessionSecret: SESSION_SECRET },
      webhookSecret: setting('WEBHOOK_SECRET'),
    },
    cell,
    fetch: globalThis.fetch,
    async signIn(url, shares = []) {
      const end = { stopAt: `${baseUrl}/userref/callback` };
      return (await visit(new Browser(), url, { login: 'amber', shares }, end)).url;
    },
    async publish() {
      const authorization = `Basic ${btoa(`${site}:${encodeURIComponent(siteSecret)}`)}`;
      const headers = { authorization };
      const sent = await fetch(`${issuer}/v1/site/test-events`, { method: 'POST', headers });
      if (!sent.ok && sent.status !== 429) throw new Error(`no test event: ${sent.status}`);
    },
  };
}
