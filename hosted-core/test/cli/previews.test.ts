import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { noBrowser, openChromium, type RealBrowser } from '../support/chromium.ts';
import { startEmulatorSite } from '../support/emulator-site.ts';
import { runUserref } from '../support/userref-cli.ts';

const { site, site_url: siteUrl, config_file: configFile } = inject('emulator');
const { port } = new URL(siteUrl);
const PREVIEW = `http://pr-123.localhost:${port}`;
const OTHER = `http://pr-124.localhost:${port}`;

describe.skipIf(noBrowser)('pain 8: a preview deployment, in Chromium, against the real core', () => {
  let browser: RealBrowser;
  let deployed: Awaited<ReturnType<typeof startEmulatorSite>>;

  beforeAll(async () => {
    browser = await openChromium();
    deployed = await startEmulatorSite(inject('emulatorFolder'), { previewOrigin: PREVIEW });
  });
  afterAll(async () => {
    await browser?.close();
    await deployed?.close();
  });

  it('signs in and shares at an address that nobody registered, and comes back to it', async () => {
    const { page } = browser;
    await page.goto(
      `${PREVIEW}/userref/login?attributes=contact:email&purpose=order_delivery&return_to=/?x=1`,
    );
    await page.locator('button[value="amber"]').click();
    // The consent page names where the visitor goes on to, and its policy lets the form lead there.
    await page.getByText(PREVIEW.replace('http://', '')).first().waitFor();
    await page.locator('input[name="attribute"]').check();
    await page.locator('button[value="share"]').click();
    await page.waitForURL(`${PREVIEW}/?x=1`);
    expect(await page.locator('body').innerText()).toMatch(/^ppid_[a-z2-7]{26}$/);
  });

  it('keeps its cookies to itself', async () => {
    const { page, context } = browser;
    const cookies = (await context.cookies()).filter(({ name }) => name.startsWith(`userref_${site}`));
    expect(cookies.length).toBeGreaterThan(0);
    expect([...new Set(cookies.map(({ domain }) => domain))]).toEqual(['pr-123.localhost']);
    await page.goto(OTHER);
    expect(await page.locator('body').innerText()).toBe('nobody');
    await page.goto(siteUrl);
    expect(await page.locator('body').innerText()).toBe('nobody');
  });

  it('signs out, and the core leads nowhere', async () => {
    const { page } = browser;
    await page.goto(PREVIEW);
    await page.evaluate(() => {
      document.body.innerHTML = '<form method="post" action="/userref/logout"><button>out</button></form>';
    });
    await page.getByRole('button', { name: 'out' }).click();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByText('You are signed out').waitFor();
    await page.goto(PREVIEW);
    expect(await page.locator('body').innerText()).toBe('nobody');
  });

  it('is refused in words that help where its address fits no pattern', async () => {
    await deployed.close();
    deployed = await startEmulatorSite(inject('emulatorFolder'), {
      previewOrigin: `http://127.0.0.1:${port}`,
    });
    const { page } = browser;
    const answer = await page.goto(`http://127.0.0.1:${port}/userref/login`);
    expect(answer?.status()).toBe(403);
    const text = await page.locator('body').innerText();
    expect(text).toContain('preview_refused');
    expect(text).toContain('userref-core sites previews');
  });
});

describe('userref doctor, for a preview', () => {
  const redirects = async (previewOrigin: string) => {
    const env = { PATH: process.env.PATH ?? '', USERREF_PREVIEW_ORIGIN: previewOrigin };
    const { out } = await runUserref(['doctor', '--no-test', '--json'], {
      cwd: inject('emulatorFolder'),
      env,
    });
    const { findings } = JSON.parse(out) as { findings: { check: string; state: string; fix?: string }[] };
    return findings.find(({ check }) => check === 'redirects');
  };

  it('says whether the core will take its address', async () => {
    expect(await redirects(PREVIEW)).toMatchObject({ state: 'good' });
    expect(await redirects('https://pr-1--shop.elsewhere.example')).toMatchObject({
      state: 'bad',
      fix: expect.stringContaining(`userref-core sites previews ${site}`),
    });
  });
});

describe('userref-core sites previews', () => {
  const patterns = [`http://*.localhost:${port}`, 'https://*--shop.preview.example'];

  it('replaces the patterns, and refuses what is too wide', async () => {
    expect(await operate('sites', 'previews', site, ...patterns, '--json')).toEqual({
      code: 0,
      out: { client_id: site, preview_patterns: patterns },
    });
    expect(await operate('sites', 'previews', site, 'https://*.netlify.app', '--json')).toMatchObject({
      code: 1,
      err: expect.stringContaining('yours alone'),
    });
    expect(await operate('sites', 'previews', 'no-such-site', '--json')).toMatchObject({ code: 1 });
    expect(await operate('sites', 'previews', site, patterns[0] as string, '--json')).toMatchObject({
      code: 0,
    });
  });

  async function operate(...words: string[]) {
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const args = ['--conditions=@userref/source', main, '--config', configFile, ...words];
    return new Promise((done) =>
      execFile(process.execPath, args, { env: { PATH: process.env.PATH } }, (error, out, err) =>
        done(error ? { code: error.code, err } : { code: 0, out: JSON.parse(out) }),
      ),
    );
  }
});
