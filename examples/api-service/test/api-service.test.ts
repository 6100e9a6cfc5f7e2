import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { noBrowser } from '../../../hosted-core/test/support/launch-chromium.ts';
import { useVisit } from '../../demo/test/support/use-visit.ts';
import { startApi } from '../src/api.ts';
import { checkOffline } from '../src/check-offline.ts';
import { checkOnline } from '../src/check-passport.ts';
import { getPassport } from '../src/get-passport.ts';
import { saveIssuer } from '../src/save-issuer.ts';

/** A person signs in with Chromium at the real core; from there on there are only passports. */
describe.skipIf(noBrowser)('an API that checks passports', () => {
  const visit = useVisit({ site: 'api', name: 'Notes', attributes: ['contact:email'] }, async ({ site }) => {
    issuer = { issuer: site.issuer, site: site.site };
    const api = await startApi({ port: 0, check: checkOnline({ ...issuer, listMaxAgeSeconds: 1 }) });
    return { url: api.url, stop: () => api.close() };
  });
  let folder: string;
  let passport: string;
  let issuer: { issuer: string; site: string };

  beforeAll(async () => {
    const { core, page, person } = visit;
    folder = join(core.dataDir, 'issuer');
    passport = await getPassport({
      ...issuer,
      siteSecret: core.site.siteSecret,
      port: core.port,
      onAddress: (url) => {
        void page.goto(url).then(() => page.getByRole('button', { name: person.name }).click());
      },
    });
  });

  const ask = (path: string, bearer: string | null, init: RequestInit = {}) =>
    fetch(visit.site.url + path, {
      ...init,
      headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` },
    });
  const altered = () => `${passport.slice(0, -4)}${passport.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;

  /** The example's own command in a network namespace with nothing in it, and a probe that there is no network. */
  async function checkWithoutNetwork(passports: readonly string[], ...more: readonly string[]) {
    const node = [
      process.execPath,
      '--conditions=@userref/source',
      join(import.meta.dirname, '../src/check.ts'),
    ];
    const probe = `${process.execPath} -e "fetch('${issuer.issuer}').then(() => process.exit(9), () => {})"`;
    const script = `${probe} && exec ${[...node, folder, ...more].join(' ')}`;
    const child = spawn('unshare', ['-rn', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(passports.join('\n'));
    let output = '';
    for await (const chunk of child.stdout) output += chunk;
    const verdicts = output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const code = child.exitCode ?? (await new Promise<number>((ended) => child.once('close', ended)));
    return { code, verdicts };
  }

  it('knows its caller by a code, and keeps a note under it', async () => {
    const me = await ask('/v1/me', passport);
    expect([me.status, me.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await me.json()).toEqual({
      user_ref: expect.stringMatching(/^ppid_[a-z2-7]{26}$/),
      assurance_level: expect.stringMatching(/^(low|substantial|high)$/),
      auth_time: expect.any(Number),
    });
    await ask('/v1/note', passport, { method: 'PUT', body: 'buy tea' });
    expect(await (await ask('/v1/note', passport)).json()).toEqual({ note: 'buy tea' });
  });

  it('takes the name of the scheme in any spelling', async () => {
    const me = await fetch(`${visit.site.url}/v1/me`, { headers: { authorization: `bearer ${passport}` } });
    expect(me.status).toBe(200);
  });

  it('refuses everybody else, with a reason', async () => {
    const parts = passport.split('.');
    const none = `${btoa('{"alg":"none","typ":"JWT"}').replaceAll('=', '')}.${parts[1]}.`;
    const cases: [string | null, string][] = [
      [null, 'not_signed_in'],
      [altered(), 'passport_signature_invalid'],
      [none, 'passport_alg_not_allowed'],
      ['x', 'passport_malformed'],
      [`${passport}=`, 'passport_malformed'],
    ];
    for (const [bearer, code] of cases) {
      const response = await ask('/v1/me', bearer);
      const problem = (await response.json()) as { code: string };
      expect([response.status, code, problem.code]).toEqual([
        401,
        code,
        code === 'passport_alg_not_allowed' ? expect.stringMatching(/^passport_/) : code,
      ]);
      const challenge = bearer === null ? 'Bearer' : 'Bearer error="invalid_token"';
      expect(response.headers.get('www-authenticate')).toBe(challenge);
    }
    expect((await ask('/v1/elsewhere', passport)).status).toBe(404);
    expect((await ask('/v1/note', passport, { method: 'PUT', body: 'x'.repeat(5000) })).status).toBe(413);
  });

  it('checks passports with the network off', async () => {
    await saveIssuer(issuer, { folder, passport });
    const me = (await (await ask('/v1/me', passport)).json()) as { user_ref: string };
    const { code, verdicts } = await checkWithoutNetwork([passport, altered()]);
    expect(verdicts).toEqual([
      { ok: true, user_ref: me.user_ref },
      { ok: false, code: 'passport_signature_invalid' },
    ]);
    expect(code).toBe(1);
    expect((await checkWithoutNetwork([passport])).code).toBe(0);
  });

  it('says when what it has saved is too old to know', async () => {
    const later = (seconds: number) => () => new Date(Date.now() + seconds * 1000);
    const check = (seconds: number) =>
      checkOffline({ folder, maxAgeSeconds: 600, clock: later(seconds) })(passport);
    expect((await check(300)).userRef).toMatch(/^ppid_/);
    await expect(check(1200)).rejects.toMatchObject({ code: 'passport_status_stale' });
    await expect(check(4000)).rejects.toMatchObject({ code: 'passport_expired' });
  });

  it('sees a revocation within the age that a list may have; offline, once the list is saved anew', async () => {
    const account = await visit.browser.newPage();
    await account.goto(visit.core.accountUrl);
    await account.getByRole('link', { name: 'Disconnect Notes and erase' }).click();
    await account.getByRole('button', { name: 'Disconnect and erase' }).click();
    await expect
      .poll(async () => (await ask('/v1/me', passport)).status, { timeout: 20_000, interval: 500 })
      .toBe(401);
    expect(((await (await ask('/v1/me', passport)).json()) as { code: string }).code).toBe(
      'passport_revoked',
    );
    expect((await checkWithoutNetwork([passport])).verdicts).toEqual([expect.objectContaining({ ok: true })]);
    await saveIssuer(issuer, { folder, passport });
    expect((await checkWithoutNetwork([passport])).verdicts).toEqual([
      { ok: false, code: 'passport_revoked' },
    ]);
  });
});
