import { basename, join, relative, resolve } from 'node:path';
import { ATTRIBUTE_NAMES } from '../../src/generated/contract.ts';
import type { Io } from '../console/io.ts';
import { Problem } from '../console/problem.ts';
import { readOptions, wholeNumber } from '../console/read-options.ts';
import { readManifest } from '../site/read-manifest.ts';
import { DEVELOPMENT_SMTP, VARIABLES } from '../site/variables.ts';
import { type EmulatorModule, expectFreePorts, loadEmulator } from './emulator.ts';
import { forPeople, forScripts } from './ready-text.ts';
import { unignoredPaths, writeEnvFile } from './write-env-file.ts';

export const DEV_HELP = `userref dev
  Starts the emulator: the real core and cell with an embedded database, made-up people to sign in as, and
  your site registered. Writes your site's settings into .env.local. Listens on this machine only.
    --site-url URL      where your site runs (default: http://localhost:3000)
    --name NAME         what people see it called (default: the name in package.json)
    --first-port N      core, cell and sign-in at N, N+1 and N+2, mail at N+4 and N+5 (default: 4000)
    --env-file FILE     where the settings go (default: .env.local; other lines in it stay)
    --data FOLDER       where everything is kept between starts (default: .userref)
    --mail-folder DIR   gets each mail as a file too (default: mails are kept in memory only)
    --json              one JSON line when it is ready, without secrets
  Mails that your site sends to USERREF_DEV_SMTP are shown at N+5 and go nowhere. The core sends none.

Exit codes: 0 stopped by Ctrl-C · 1 could not start · 2 wrong command line`;

const OPTIONS = {
  'site-url': { type: 'string', default: 'http://localhost:3000' },
  name: { type: 'string' },
  'first-port': { type: 'string', default: '4000' },
  'mail-folder': { type: 'string' },
  'env-file': { type: 'string', default: '.env.local' },
  data: { type: 'string', default: '.userref' },
  json: { type: 'boolean' },
} as const;

/** Runs until {@link Io.signal}. @returns the exit code */
export async function devCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = readOptions(args, { options: OPTIONS, help: DEV_HELP });
  const siteUrl = loopbackOrigin(values['site-url']);
  const first = wholeNumber(values['first-port'], { name: 'first-port', from: 1024, to: 65_000 });
  const started = performance.now();
  // From here on Ctrl-C waits for what has begun, so that it can be ended in order.
  const stopping = untilAborted(io.signal);
  const emulator = await loadEmulator();
  await expectFreePorts([0, 1, 2, 4, 5].map((distance) => first + distance));
  const wish = {
    ...{ siteUrl, first, dataDir: resolve(io.cwd, values.data) },
    envFile: resolve(io.cwd, values['env-file']),
    name: values.name ?? packageName(io.cwd),
    ...(values['mail-folder'] && { mailFolder: resolve(io.cwd, values['mail-folder']) }),
  };
  const running = await start(emulator, io, wish).catch((error: Error) => {
    io.note(`The emulator could not start: ${error.message}`);
  });
  if (!running) return 1;
  const ready = { ...running, seconds: (performance.now() - started) / 1000, cwd: io.cwd };
  if (!io.signal.aborted) io.out(values.json ? JSON.stringify(forScripts(ready)) : forPeople(ready));
  await stopping;
  io.note('Stopping …');
  await running.environment.stop();
  return 0;
}

interface Wish {
  readonly siteUrl: string;
  readonly first: number;
  readonly dataDir: string;
  readonly envFile: string;
  readonly name: string;
  readonly mailFolder?: string;
}

async function start(emulator: EmulatorModule, io: Io, wish: Wish) {
  const { siteUrl, first, dataDir, envFile, name, mailFolder } = wish;
  const environment = await emulator.startDevelopmentEnvironment({
    dataDir,
    ports: { core: first, cell: first + 1, signIn: first + 2 },
    mail: { smtpPort: first + 4, pagePort: first + 5, ...(mailFolder && { folder: mailFolder }) },
    onProgress: (step) => io.progress?.(`… ${step}`),
    nodeEnv: io.env.NODE_ENV,
  });
  try {
    const { mailSink } = environment;
    const site = siteIdOf(siteUrl);
    const [registered] = await emulator.ensureDevelopmentSites(environment, {
      file: join(dataDir, 'sites.json'),
      wishes: [
        {
          ...{ site, name, url: siteUrl, attributes: [...ATTRIBUTE_NAMES, 'sealed'] },
          previewPatterns: previewsBeside(siteUrl),
        },
      ],
    });
    if (registered === undefined) throw new TypeError('the site was not registered');
    writeEnvFile(envFile, {
      [VARIABLES.issuer]: environment.settings.core.url,
      [VARIABLES.site]: site,
      [VARIABLES.siteSecret]: registered.siteSecret,
      [VARIABLES.baseUrl]: siteUrl,
      [VARIABLES.sessionSecret]: registered.sessionSecret,
      [VARIABLES.webhookSecret]: registered.webhookSecret,
      ...(mailSink && { [DEVELOPMENT_SMTP]: mailSink.smtpUrl }),
    });
    for (const path of unignoredPaths(io.cwd, [envFile, dataDir])) {
      io.note(`Warning: git does not ignore ${path}, which holds secrets. Add a line to .gitignore: ${path}`);
    }
    return { environment, site, siteUrl, dataDir, envFile: relative(io.cwd, envFile) };
  } catch (error) {
    await environment.stop();
    throw error;
  }
}

function loopbackOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (isLocal && /^https?:$/.test(url.protocol) && url.pathname === '/') return url.origin;
  throw new Problem({
    what: '--site-url takes the origin of a site on this machine.',
    why: 'Anybody may sign in as anybody at the emulator, so no other site is registered there.',
    fix: 'userref dev --site-url http://localhost:3000',
  });
}

/** Previews of a site on `http://localhost:3000` are at `http://pr-1.localhost:3000`, which browsers look for on this machine. */
function previewsBeside(origin: string): string[] {
  return origin.startsWith('http://localhost') ? [origin.replace('//', '//*.')] : [];
}

/** `http://localhost:3000` is `localhost-3000`, each time and in each folder. */
function siteIdOf(origin: string): string {
  const { hostname, port, protocol } = new URL(origin);
  const host = hostname.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'loopback';
  return `${host === '1' ? 'loopback' : host}-${port || (protocol === 'https:' ? '443' : '80')}`;
}

function packageName(cwd: string): string {
  const { name } = readManifest(join(cwd, 'package.json')) ?? {};
  // A folder without a package has a name of its own.
  return typeof name === 'string' && name !== '' ? name : basename(cwd) || 'My site';
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
