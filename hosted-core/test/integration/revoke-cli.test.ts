import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.ts';
import {
  type DevelopmentEnvironment,
  startDevelopmentEnvironment,
} from '../../src/development/development-environment.ts';
import { openOperator } from '../../src/operator.ts';
import { Browser } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { visit } from '../support/house.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const dataDir = mkdtempSync(join(tmpdir(), 'userref-revoke-'));
let environment: DevelopmentEnvironment;
let admin: Database;
let shops: Record<'shop-a' | 'shop-b', openid.Configuration>;

beforeAll(async () => {
  chmodSync(dataDir, 0o711);
  const ports = { core: await freePort(), cell: await freePort(), signIn: await freePort() };
  environment = await startDevelopmentEnvironment({ dataDir, ports, logLevel: 'silent' });
  admin = new Database({
    connectionString: environment.adminDatabaseUrl,
    applicationName: 'test',
    maxConnections: 2,
  });
  shops = { 'shop-a': await register('shop-a'), 'shop-b': await register('shop-b') };
});
afterAll(async () => {
  await admin?.close();
  await environment?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const callbackOf = (siteId: string) => `http://localhost:9/${siteId}`;

async function register(siteId: string): Promise<openid.Configuration> {
  const operator = openOperator(environment.settings);
  const texts = { en: { title: 'Deliver', description: 'To deliver.' } };
  const { secret } = await operator.registerSite({
    ...{ siteId, redirectUris: [callbackOf(siteId)], attributeScopes: ['contact:email', 'profile:name'] },
    purposes: [{ purposeId: 'order_delivery', version: 1, maxDurationDays: 30, texts }],
  });
  await operator.close();
  return openid.discovery(new URL(environment.settings.core.url), siteId, secret, undefined, {
    execute: [openid.allowInsecureRequests],
  });
}

/** A login at a site that shares two attributes. */
async function login(siteId: 'shop-a' | 'shop-b', browser = new Browser()) {
  const config = shops[siteId];
  const share = ['contact:email', 'profile:name'];
  const tokens = await visit({
    ...{ config, callback: callbackOf(siteId), browser, share },
    parameters: {
      ...{ scope: `openid ${share.join(' ')}`, purpose: 'order_delivery', prompt: 'consent' },
      resource: environment.settings.cell.url,
    },
  });
  const claims = tokens.claims() as unknown as { sub: string; sid: string };
  const read = async (names = 'contact:email') => {
    const url = `${environment.settings.cell.url}/v1/attributes?names=${names}&purpose=order_delivery`;
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    return (await fetch(url, { headers })).status;
  };
  expect(await read()).toBe(200);
  return { read, userRef: claims.sub, sid: claims.sid, browser };
}

function revoke(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const args = ['--conditions=@userref/source', MAIN, '--config', environment.configFile, 'revoke', ...words];
  const { PATH } = process.env;
  return new Promise((done) => {
    execFile(process.execPath, args, { env: { PATH } }, (error, out, err) =>
      done({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
  });
}

const because = ['--reason', 'Reported by the site', '--json'];

async function eventsOf(userRef: string): Promise<string[]> {
  const rows = await admin.query<{ type: string }>(
    'select type from core.webhook_events where user_ref = $1 order by created_at, event_id',
    [userRef],
  );
  return rows.map(({ type }) => type);
}

describe('userref-core revoke, beside a running core', () => {
  it('counts first and ends nothing, then ends one consent', async () => {
    const { read, userRef } = await login('shop-a');
    const [row] = await admin.query<{ consent_id: string }>(
      `select consent_id from cell.consents where attribute = 'contact:email' and state = 'granted'`,
    );
    const words = ['consent', row?.consent_id ?? '', ...because];
    const counted = await revoke(...words, '--dry-run');
    expect(JSON.parse(counted.out)).toMatchObject({ dry_run: true, consents: 1 });
    expect(await read()).toBe(200);
    expect(await revoke(...words)).toMatchObject({ code: 0 });
    expect(await read()).not.toBe(200);
    expect(await eventsOf(userRef)).toEqual(expect.arrayContaining(['consent.withdrawn', 'access.revoked']));
    expect((await revoke(...words)).err).toMatch(/^not_found: /);
  });

  it('ends one session, and leaves the person’s other browser alone', async () => {
    const one = await login('shop-a');
    const other = await login('shop-a');
    expect(one.userRef).toBe(other.userRef);
    expect(await revoke('session', one.sid, ...because)).toMatchObject({ code: 0 });
    expect(await one.read()).toBe(401);
    expect(await other.read()).toBe(200);
    expect((await revoke('session', one.sid, ...because)).code).toBe(1);
  });

  it('ends one user at one site, and leaves their other sites alone', async () => {
    const browser = new Browser();
    const here = await login('shop-a', browser);
    const there = await login('shop-b', browser);
    expect(await revoke('user', here.userRef, ...because)).toMatchObject({ code: 0 });
    expect(await here.read()).toBe(401);
    expect(await there.read()).toBe(200);
    const left = await admin.query(
      `select 1 from cell.consents where site_id = 'shop-a' and state = 'granted'`,
    );
    expect(left).toEqual([]);
  });

  it('ends one site, then all', async () => {
    const [a, b] = [await login('shop-a'), await login('shop-b')];
    expect(await revoke('site', 'shop-a', ...because)).toMatchObject({ code: 0 });
    expect([await a.read(), await b.read()]).toEqual([401, 200]);
    const again = await login('shop-a');
    expect(await revoke('all', ...because)).toMatchObject({ code: 0 });
    expect([await again.read(), await b.read()]).toEqual([401, 401]);
  });

  it('wants a reason, keeps it in the log, and knows nobody by a name that is none', async () => {
    expect((await revoke('all')).code).toBe(2);
    expect((await revoke('all', '--reason', 'x')).code).toBe(1);
    expect((await revoke('site', 'no-such-shop', ...because)).err).toMatch(/^not_found: /);
    const rows = await admin.query<{ data: { by: string; note: string } }>(
      `select data from core.audit_events where action = 'access.revoked' and data ->> 'by' = 'operator'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { data } of rows) expect(data.note).toBe('Reported by the site');
  });
});
