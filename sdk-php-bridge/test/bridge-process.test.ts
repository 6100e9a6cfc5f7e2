import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { FakeCore } from '@userref/sdk-core/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { SETTINGS } from '../src/settings/setting-list.ts';
import {
  BRIDGE_SECRET,
  callSocket,
  environmentFor,
  jar,
  newFolder,
  removeFolders,
  serveCore,
} from './support/test-bridge.ts';

const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts');
const UNIT = join(import.meta.dirname, '..', 'systemd', 'userref-php-bridge.service');
const environment = environmentFor(new FakeCore({ issuer: 'http://localhost:4998' }));

afterAll(removeFolders);

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

  it.each([
    [['nonsense'], 'There is no command «nonsense».'],
    [['check', 'more'], '«more» is one word too many.'],
    [['--nonsense'], "Unknown option '--nonsense'."],
    [['--config'], "Option '--config <value>' argument missing."],
  ])('wrong words end with 2, and with what is wrong: %j', async (words, what) => {
    expect(await run(words)).toEqual({ code: 2, out: '', error: `${what} See --help.\n` });
  });

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, error: '' });
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

  it('ends a call that has begun when it is told to go, and takes no other', async () => {
    const served = await serveCore();
    const socket = join(newFolder(), 'bridge.sock');
    const bridge = start([], { ...environmentFor(served.core), USERREF_BRIDGE_LISTEN: `unix:${socket}` });
    await expect.poll(() => bridge.texts.error, { timeout: 20_000 }).toContain('listens on unix:');
    const answerPar: (() => void)[] = [];
    served.core.bends.replies.par = () => new Response(heldBack(answerPar), { status: 201 });
    const call = callSocket(socket, '/v1/login/start', { body: {}, agent: new Agent({ keepAlive: true }) });
    await expect.poll(() => answerPar.length).toBe(1);
    bridge.child.kill('SIGTERM');
    await expect.poll(() => existsSync(socket)).toBe(false);
    await expect(callSocket(socket, '/v1/health')).rejects.toThrow(/ENOENT|ECONNREFUSED/);
    expect(bridge.child.exitCode).toBe(null);
    answerPar[0]?.();
    const started = await call;
    expect([started.status, Object.keys(jar(started)).length]).toEqual([200, 1]);
    expect((await bridge.finished).code).toBe(0);
    await served.stop();
    // It does not wait for the caller to hang up, who would keep the connection for a minute.
  }, 40_000);

  it('takes a new secret while it runs, and keeps the one that it has when that is none', async () => {
    const folder = newFolder();
    const [socket, file] = [join(folder, 'bridge.sock'), join(folder, 'secret')];
    const [old, next] = [BRIDGE_SECRET, 'the-next-secret-of-the-bridge-0123456789abcdefg'];
    writeFileSync(file, old);
    const { USERREF_BRIDGE_SECRET: _inFile, ...rest } = environment;
    const given = { USERREF_BRIDGE_LISTEN: `unix:${socket}`, USERREF_BRIDGE_SECRET_FILE: file };
    const bridge = start([], { ...rest, ...given });
    await expect.poll(() => bridge.texts.error, { timeout: 20_000 }).toContain('listens on unix:');
    const statusOf = async (secret: string) => {
      const headers = { authorization: `Bearer ${secret}` };
      return (await callSocket(socket, '/v1/openapi.json', { headers })).status;
    };
    const reload = async (content: string, said: RegExp) => {
      writeFileSync(file, content);
      bridge.texts.error = '';
      bridge.child.kill('SIGHUP');
      await expect.poll(() => bridge.texts.error).toMatch(said);
    };
    expect([await statusOf(old), await statusOf(next)]).toEqual([200, 401]);
    await reload(`${next},${old}`, /read anew/);
    expect([await statusOf(old), await statusOf(next)]).toEqual([200, 200]);
    await reload('too-short', /USERREF_BRIDGE_SECRET must be/);
    expect([await statusOf(old), await statusOf(next)]).toEqual([200, 200]);
    await reload(next, /read anew/);
    expect([await statusOf(old), await statusOf(next)]).toEqual([401, 200]);
    bridge.child.kill('SIGTERM');
    expect((await bridge.finished).code).toBe(0);
  });

  it('writes a line for each call where the level is debug, with nothing of the call but its path', async () => {
    const socket = join(newFolder(), 'bridge.sock');
    const given = { ...environment, USERREF_BRIDGE_LISTEN: `unix:${socket}`, USERREF_LOG_LEVEL: 'debug' };
    const bridge = start([], given);
    await expect.poll(() => bridge.texts.error, { timeout: 20_000 }).toContain('listens on unix:');
    await callSocket(socket, '/v1/revocations?since=4711');
    bridge.child.kill('SIGTERM');
    const { out } = await bridge.finished;
    const line = out.split('\n').find((one) => one.includes('"answered"')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ method: 'GET', path: '/v1/revocations', status: 503 });
    expect(out).not.toContain('4711');
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
    expect(error).toMatch(/could not start: The folder of .* is not there/);
  });

  it('makes no socket where everybody could put another in its place', async () => {
    const folder = newFolder();
    chmodSync(folder, 0o777);
    const given = { ...environment, USERREF_BRIDGE_LISTEN: `unix:${folder}/bridge.sock` };
    const { code, error } = await run([], given);
    expect([code, existsSync(`${folder}/bridge.sock`)]).toEqual([1, false]);
    expect(error).toMatch(/could not start: Everybody may write to the folder of/);
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
    const unit = readFileSync(UNIT, 'utf8');
    expect(unit).toContain('RuntimeDirectory=userref');
    expect(unit).toContain('RestartPreventExitStatus=78');
    expect(unit).toMatch(/^Group=www-data$/m);
  });

  it.skipIf(!existsSync('/usr/bin/systemd-analyze'))('is one that systemd has nothing to say about', () => {
    const verify = (file: string) => spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    expect(verify(UNIT)).toMatchObject({ status: 0, stderr: '' });
    const mistyped = join(newFolder(), 'mistyped.service');
    writeFileSync(mistyped, readFileSync(UNIT, 'utf8').replace('Restart=always', 'Restart=sometimes'));
    expect(verify(mistyped).stderr).toContain('sometimes');
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

/** The answer of a pushed request that comes when somebody says so. */
function heldBack(release: (() => void)[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      release.push(() => {
        controller.enqueue(new TextEncoder().encode('{"request_uri":"urn:held:back","expires_in":60}'));
        controller.close();
      });
    },
  });
}
