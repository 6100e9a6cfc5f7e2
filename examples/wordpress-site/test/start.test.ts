import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWordPressSite, type WordPressOptions, type WordPressSite } from '../src/index.ts';
import { ensureWordPress } from './support/ensure-wordpress.ts';
import { processesNaming, untilNoneNames } from './support/processes.ts';

const noWordPress = ensureWordPress();
const SUPPORT = join(import.meta.dirname, 'support');

describe.skipIf(noWordPress !== undefined)('a WordPress that is started for somebody', () => {
  const folder = mkdtempSync(join(tmpdir(), 'userref-wordpress-start-'));
  chmodSync(folder, 0o711);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const withSite = async (options: WordPressOptions, work: (site: WordPressSite) => Promise<void>) => {
    const site = await startWordPressSite(options);
    try {
      await work(site);
    } finally {
      await site.stop();
    }
  };

  it('has everything again at the next start, under another address', async () => {
    const dataDir = join(folder, 'kept');
    const plugin = join(folder, 'says-so');
    mkdirSync(plugin);
    writeFileSync(
      join(plugin, 'says-so.php'),
      "<?php /* Plugin Name: Says so */ add_action('wp_footer', fn () => print(SAYS));",
    );
    const options = { dataDir, plugins: [plugin], constants: { SAYS: "it's \\'here'" } };
    const setUp = "update_option('blogname', 'Named once');";
    let password = '';
    await withSite({ ...options, setUp }, async (site) => {
      password = site.admin.password;
      expect(await textOf(site.url)).toContain("it's \\'here'");
    });
    expect(processesNaming(folder)).toEqual([]);
    await withSite({ ...options, setUp: 'throw new LogicException("again");' }, async (site) => {
      expect(site.admin.password).toBe(password);
      const page = await textOf(site.url);
      expect(page).toContain('Named once');
      expect(page).toContain(`href="${site.url}/hello-world/"`);
      site.setConstants({ SAYS: 'changed' });
      expect(await textOf(site.url)).toContain('changed');
    });
  });

  it('is a network of sites in folders when that is asked for', async () => {
    await withSite({ dataDir: join(folder, 'network'), isMultisite: true }, async (site) => {
      expect(
        await site.evaluate("echo wpmu_create_blog(DOMAIN_CURRENT_SITE, '/second/', 'Second', 1);"),
      ).toBe('2');
      expect(await textOf(`${site.url}/second/`)).toContain('<title>Second');
      const login = await fetch(`${site.url}/second/wp-login.php`);
      expect(await login.text()).toContain(`${site.url}/second/wp-login.php`);
      expect((await fetch(`${site.url}/second/wp-includes/css/buttons.css`)).status).toBe(200);
      expect(await site.evaluate('echo get_current_blog_id();', { url: `${site.url}/second/` })).toBe('2');
    });
  });

  it.each([
    ['', 'start-and-stay.ts', ['mariadbd', 'php']],
    [', also of what misses the first signal', 'start-deaf-and-stay.ts', ['ready']],
  ])('leaves nothing running when whoever started it is killed%s', async (_also, program, names) => {
    const dataDir = join(folder, program);
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o711);
    const words = ['--conditions=@userref/source', join(SUPPORT, program), dataDir];
    const starter = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(starter.stdout, 'data');
    const running = processesNaming(dataDir).join('\n');
    for (const name of names) expect(running).toContain(name);
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    expect(await untilNoneNames(dataDir)).toEqual([]);
  });

  it('leaves nothing running when it cannot start, and says why', async () => {
    const dataDir = join(folder, 'taken');
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    try {
      await expect(startWordPressSite({ dataDir, port })).rejects.toThrow(`listens on port ${port}`);
      expect(processesNaming(dataDir)).toEqual([]);
      expect(existsSync(join(dataDir, 'database', 'socket'))).toBe(false);
    } finally {
      taken.close();
    }
  });
});

describe.skipIf(noWordPress !== undefined)('a running WordPress', () => {
  const folder = mkdtempSync(join(tmpdir(), 'userref-wordpress-running-'));
  let site: WordPressSite;
  beforeAll(async () => {
    chmodSync(folder, 0o711);
    site = await startWordPressSite({ dataDir: join(folder, 'site') });
  });
  afterAll(async () => {
    await site?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('asks itself over HTTP while it answers, as Site Health and cron do', async () => {
    const ask = "add_action('init', function () { if (isset($_GET['ask'])) { exit((string) ";
    const code = 'wp_remote_retrieve_response_code(wp_remote_get(home_url(), ["timeout" => 5]))); } });';
    writeFileSync(join(site.root, 'wp-content', 'mu-plugins', 'ask.php'), `<?php ${ask}${code}`);
    expect(await textOf(`${site.url}/?ask=1`)).toBe('200');
    await site.restartPhp();
    expect(await textOf(`${site.url}/?ask=1`)).toBe('200');
  });

  it('sends no mail and calls nobody: mails lie in a file, and other hosts are not asked', async () => {
    const mail = "echo wp_mail('to@site.invalid', 'Greetings', 'Text') ? 'sent' : 'no';";
    expect(await site.evaluate(mail)).toBe('sent');
    expect(readFileSync(site.logs.mail, 'utf8')).toContain('Subject: Greetings');
    const call = "echo wp_remote_get('https://site.invalid/')->get_error_code();";
    expect(await site.evaluate(call)).toBe('http_request_not_executed');
    await expect(site.evaluate("throw new LogicException('said so');")).rejects.toThrow('said so');
  });

  it('keeps its secrets from other users of the machine', () => {
    for (const file of ['site.json', join('root', 'wp-config.php'), 'database']) {
      expect([file, statSync(join(site.folder, file)).mode & 0o077]).toEqual([file, 0]);
    }
  });
});

async function textOf(address: string): Promise<string> {
  const response = await fetch(address);
  return response.text();
}
