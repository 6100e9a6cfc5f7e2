import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { UserrefError } from '@userref/sdk-core';
import { FakeCore } from '@userref/sdk-core/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { readBridgeSettings } from '../src/index.ts';
import { parseListenAddress } from '../src/settings/listen-address.ts';
import { SETTINGS } from '../src/settings/setting-list.ts';
import {
  BRIDGE_SECRET,
  callSocket,
  environmentFor,
  newFolder,
  removeFolders,
} from './support/test-bridge.ts';

const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts');
const environment = environmentFor(new FakeCore({ issuer: 'http://localhost:4998' }));

afterAll(removeFolders);

function problemsOf(given: Record<string, string>, file?: string): string[] {
  try {
    readBridgeSettings({ environment: given, file });
    return [];
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    expect(error.code).toBe('config_invalid');
    return error.detail.split('; ');
  }
}

describe('settings', () => {
  it('are right as the tests have them, and nothing of them is made up', () => {
    expect(problemsOf(environment)).toEqual([]);
    const settings = readBridgeSettings({ environment });
    expect(settings.listen).toEqual({ kind: 'unix', path: '/run/userref/bridge.sock' });
    expect(settings.userref.clockToleranceSeconds).toBe(60);
  });

  it('name everything that is missing at once', () => {
    const required = SETTINGS.filter((entry) => 'required' in entry).map(({ name }) => `${name} is missing`);
    expect(required).toHaveLength(6);
    expect(problemsOf({})).toEqual(required);
  });

  it('name everything that is wrong at once, by its own name and without its value', () => {
    const problems = problemsOf({
      ...environment,
      USERREF_ISSUER: 'http://id.example.eu',
      USERREF_BASE_URL: 'https://shop.example/path',
      USERREF_SESSION_SECRET: 'canary-too-short',
      USERREF_BRIDGE_SECRET: 'canary-too-short',
      USERREF_WEBHOOK_SECRET: 'canary',
      USERREF_BRIDGE_LISTEN: '0.0.0.0:4100',
      USERREF_BRIDGE_HOSTS: 'a b/c',
      USERREF_BRIDGE_POLL_SECONDS: '1',
      USERREF_BRIDGE_TYPO: '1',
      USERREF_SESSION_TTL_SECONDS: 'x',
      USERREF_CLOCK_TOLERANCE_SECONDS: '61',
      USERREF_LOGIN_PATH: '//x',
      USERREF_LOG_LEVEL: 'loud',
    });
    expect(problems).toHaveLength(13);
    for (const problem of problems) expect(problem).toMatch(/^USERREF_[A-Z_]+ /);
    expect(problems.join()).not.toContain('canary');
  });

  it.each([
    '0.0.0.0:4100',
    '[::]:4100',
    '192.0.2.1:4100',
    '10.0.0.1:80',
    '[::ffff:192.0.2.1]:80',
    ':4100',
    '4100',
    'shop.example:4100',
    '127.0.0.1:99999',
    '127.0.0.1',
    'unix:',
    'unix:relative.sock',
    'http://127.0.0.1:4100',
    `unix:/${'x'.repeat(110)}`,
  ])('do not let it listen on %s', (address) => {
    expect(parseListenAddress(address)).toHaveProperty('problem');
  });

  it.each(['127.0.0.1:4100', 'localhost:0', '[::1]:4100', 'unix:/run/x.sock', 'unix:///run/x.sock'])(
    'let it listen on %s',
    (address) => {
      expect(parseListenAddress(address)).not.toHaveProperty('problem');
    },
  );

  it('come from a file too, where an unknown name is an error and the environment wins', () => {
    const file = join(newFolder(), 'bridge.env');
    const lines = Object.entries(environment).map(([name, value]) => `${name}="${value}"`);
    writeFileSync(file, `# comment\n\n${lines.join('\n')}\nUSERREF_LOG_LEVEL=debug\n`);
    expect(readBridgeSettings({ environment: {}, file }).logLevel).toBe('debug');
    expect(readBridgeSettings({ environment: { USERREF_LOG_LEVEL: 'warn' }, file }).logLevel).toBe('warn');
    writeFileSync(file, 'USERREF_SITE_NAME=x\nnonsense\n');
    expect(problemsOf(environment, file)).toEqual([
      'line 2 of the file is not NAME=value',
      'USERREF_SITE_NAME is no setting of the bridge',
    ]);
    expect(problemsOf(environment, '/nowhere/bridge.env')).toEqual([
      'the file given by --config cannot be read',
    ]);
  });

  it('may have secrets in files of their own', () => {
    const file = join(newFolder(), 'secret');
    writeFileSync(file, `${BRIDGE_SECRET}\n`);
    const { USERREF_BRIDGE_SECRET: _left, ...rest } = environment;
    const settings = readBridgeSettings({ environment: { ...rest, USERREF_BRIDGE_SECRET_FILE: file } });
    expect(settings.secrets).toEqual([BRIDGE_SECRET]);
    expect(problemsOf({ ...rest, USERREF_BRIDGE_SECRET_FILE: '/nowhere' })).toEqual([
      'USERREF_BRIDGE_SECRET_FILE cannot be read',
      'USERREF_BRIDGE_SECRET is missing',
    ]);
  });
});

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function start(words: readonly string[], given: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--conditions=@userref/source', MAIN, ...words], {
    env: { PATH: process.env['PATH'] ?? '', ...given },
  });
  const texts = { out: '', error: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    texts.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    texts.error += chunk.toString();
  });
  const finished = once(child, 'close').then(([code]): Finished => ({ code, ...texts }));
  return { child, texts, finished };
}

const run = (words: readonly string[], given?: Record<string, string>) => start(words, given).finished;

describe('the command line', () => {
  it('--help names every setting', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const { name } of SETTINGS) expect(out).toContain(name);
  });

  it('wrong settings are listed, one a line, and it ends with 78', async () => {
    const { code, out, error } = await run([], { USERREF_BRIDGE_LISTEN: '0.0.0.0:80' });
    expect([code, out]).toEqual([78, '']);
    expect(error.match(/^ {2}- USERREF_/gm)).toHaveLength(7);
  });

  it('wrong words end with 2', async () => {
    expect((await run(['strat'])).code).toBe(2);
    expect((await run(['--listen', 'x'])).code).toBe(2);
  });

  it('check says that settings are right; secret gives one that is', async () => {
    const { out: secret } = await run(['secret']);
    const checked = await run(['check'], { ...environment, USERREF_BRIDGE_SECRET: secret.trim() });
    expect(checked).toMatchObject({ code: 0, out: 'The settings are right.\n' });
  });

  it('listens on a socket for owner and group, once, clears a dead one away and goes at SIGTERM', async () => {
    const socket = join(newFolder(), 'bridge.sock');
    const given = {
      ...environment,
      USERREF_BRIDGE_LISTEN: `unix:${socket}`,
      USERREF_BRIDGE_SOCKET_GROUP: '0',
    };
    await leaveDeadSocket(socket);
    const bridge = start([], given);
    await expect.poll(() => bridge.texts.error, { timeout: 20_000 }).toContain('listens on unix:');
    expect(lstatSync(socket).mode & 0o777).toBe(0o660);
    const second = await run([], given);
    expect(second.code).toBe(1);
    expect(second.error).toContain('listens on');
    expect((await callSocket(socket, '/v1/health')).body.status).toBe('degraded');
    bridge.child.kill('SIGTERM');
    expect((await bridge.finished).code).toBe(0);
    expect(existsSync(socket)).toBe(false);
  });

  it('does not remove a file that lies where its socket should', async () => {
    const file = join(newFolder(), 'precious');
    writeFileSync(file, 'precious');
    const { code } = await run([], { ...environment, USERREF_BRIDGE_LISTEN: `unix:${file}` });
    expect([code, readFileSync(file, 'utf8')]).toEqual([1, 'precious']);
  });

  it('says why where it may not make its socket', async () => {
    const folder = newFolder();
    chmodSync(folder, 0o700);
    const { code, error } = await run([], {
      ...environment,
      USERREF_BRIDGE_LISTEN: `unix:${folder}/no/such/x.sock`,
    });
    expect(code).toBe(1);
    expect(error).toContain('could not start');
  });

  it('listens on a loopback port and on no other address', async () => {
    const bridge = start([], { ...environment, USERREF_BRIDGE_LISTEN: '127.0.0.1:0' });
    await expect.poll(() => bridge.texts.error, { timeout: 20_000 }).toContain('http://127.0.0.1:');
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(bridge.texts.error)?.[1]);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    const listening = readFileSync('/proc/net/tcp', 'utf8') + readFileSync('/proc/net/tcp6', 'utf8');
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    expect(listening.match(new RegExp(`[0-9A-F]+:${hex} 0+:0000 0A`, 'g'))).toEqual([
      `0100007F:${hex} 00000000:0000 0A`,
    ]);
    bridge.child.kill('SIGINT');
    expect((await bridge.finished).code).toBe(0);
  });
});

describe('the systemd unit', () => {
  it('gives the socket to the web server’s group and gives up on wrong settings', () => {
    const unit = readFileSync(
      join(import.meta.dirname, '..', 'systemd', 'userref-php-bridge.service'),
      'utf8',
    );
    expect(unit).toContain('RuntimeDirectory=userref');
    expect(unit).toContain('RestartPreventExitStatus=78');
    expect(unit).toMatch(/^Group=www-data$/m);
  });
});

/** As a process that was killed leaves it. */
async function leaveDeadSocket(path: string): Promise<void> {
  const child = spawn(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
  await once(child, 'close');
  expect(lstatSync(path).isSocket()).toBe(true);
}
