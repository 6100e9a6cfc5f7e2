import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MORE_SHOPS, type MoreShopWord, missingFor, type WantedShop } from './more-shops.ts';
import { startDemo } from './start-demo.ts';

const HELP = `Usage: npm run demo [-- options]

Starts the hosted core (core and cell), an embedded PostgreSQL, a development sign-in, two shops and a
guided tour. Everything listens on this machine only. Ctrl-C stops all of it.

  --json            print one JSON line when everything is ready, and nothing else on stdout
  --data <folder>   where everything is kept between starts (default: .userref)
  --first-port <n>  use ports n, n+1, n+2, n+10 to n+14 and n+20 (default: 4000). Other ports, other folder:
                    what was registered at a core keeps its addresses
  --with <list>     next: take the Next.js shop for shop A; its first start builds it
                    php: a shop in one PHP file, on port n+12; needs PHP with curl and SQLite
                    wordpress: a magazine on WordPress, on port n+13; needs Debian's WordPress and MariaDB
                    laravel: a shop on Laravel, on port n+14; needs php-laravel-framework, too
  --fresh           forget what earlier starts left in the folder
  --help            this text

Exit codes: 0 stopped by Ctrl-C · 1 could not start · 2 wrong command line
`;

/** The command line makes no sense. */
class UsageError extends Error {}

const note = (text: string) => process.stderr.write(`${text}\n`);
const values = readOptions();

if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

await main().catch((error: unknown) => {
  note(`The demo did not start. ${inWords(error)}`);
  process.exit(error instanceof UsageError ? 2 : 1);
});

function readOptions() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        data: { type: 'string' },
        'first-port': { type: 'string', default: '4000' },
        with: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    note(`${(error as Error).message.split('. ')[0]}. npm run demo -- --help shows the options.`);
    process.exit(2);
  }
}

function inWords(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code !== 'EADDRINUSE') return message ?? '';
  return `Port ${port} is taken by another program. Stop that, or take other ports: npm run demo -- --first-port 5000`;
}

async function main(): Promise<void> {
  const first = Number(values['first-port']);
  if (!Number.isInteger(first) || first < 1024 || first > 65_000)
    throw new UsageError('--first-port takes a number from 1024 to 65000.');
  const wanted = wantedParts();
  const dataDir = resolve(values.data ?? (first === 4000 ? '.userref' : `.userref/from-${first}`));
  if (values.fresh) forget(dataDir);
  const stopped = untilSignal();
  const started = performance.now();
  const demo = await startDemo({
    dataDir,
    ports: {
      core: first,
      cell: first + 1,
      signIn: first + 2,
      shopA: first + 10,
      shopB: first + 11,
      tour: first + 20,
    },
    onProgress: (step) => note(`… ${step}`),
    nodeEnv: process.env.NODE_ENV,
    with: wanted.includes('next') ? 'next' : undefined,
    moreShops: moreShops(wanted, first),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (values.json) process.stdout.write(`${JSON.stringify(forScripts(demo))}\n`);
  else process.stdout.write(forPeople(demo, seconds));
  await stopped;
  note('\nStopping …');
  await demo.stop();
}

function wantedParts(): string[] {
  const wanted = [...new Set(values.with?.split(',') ?? [])];
  const words = ['next', ...Object.keys(MORE_SHOPS)];
  if (!wanted.every((word) => words.includes(word)))
    throw new UsageError(`--with takes ${words.join(', ')}.`);
  return wanted;
}

function moreShops(wanted: readonly string[], first: number): WantedShop[] {
  const words = Object.keys(MORE_SHOPS).filter((word) => wanted.includes(word)) as MoreShopWord[];
  const missing = words.flatMap((word) => missingFor(word) ?? []);
  if (missing.length > 0) throw new Error(missing.join('\n'));
  return words.map((word) => ({ word, port: first + MORE_SHOPS[word].port }));
}

/** Only a folder that the demo made itself is emptied. */
function forget(dataDir: string): void {
  if (!existsSync(dataDir)) return;
  if (!existsSync(`${dataDir}/secrets.json`))
    throw new Error(`--fresh: ${dataDir} was not made by the demo, so it is left alone.`);
  rmSync(dataDir, { recursive: true });
}

type Demo = Awaited<ReturnType<typeof startDemo>>;

function forScripts({ environment, shops, people, accountUrl, tourUrl, places }: Demo) {
  return {
    issuer: environment.settings.core.url,
    cell: environment.settings.cell.url,
    shops: shops.map(({ name, url, site, note }) => ({ name, url, site, note })),
    people: people.map((person) => ({
      name: person.name,
      email: person.email,
      signIn: {
        issuer: environment.settings.upstream.issuer,
        field: 'login',
        value: person.login,
        press: person.name,
      },
    })),
    accountUrl,
    tourUrl,
    databaseUrl: environment.adminDatabaseUrl,
    configFile: environment.configFile,
    shopFiles: places.flatMap((place) => ('file' in place ? [place.file] : [])),
  };
}

function forPeople({ shops, people, accountUrl, tourUrl, environment }: Demo, seconds: string): string {
  const row = (label: string, text: string) => `  ${label.padEnd(16)}${text}\n`;
  return [
    `\nReady after ${seconds} s. Start here:\n\n`,
    row('Guided tour', tourUrl),
    '\n',
    ...shops.map(({ name, url, note }) => row(name, note === undefined ? url : `${url} (${note})`)),
    row('My data', accountUrl),
    row('Issuer', `${environment.settings.core.url} (for programs)`),
    row('Sign in as', people.map((person) => person.name).join(', ')),
    '\nCtrl-C stops everything; the next start finds it as you left it.\n',
  ].join('');
}

function untilSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => done());
  });
}
