import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, nodeProgram, run } from './support/fresh-folder.ts';
import { packedPackage, tarballsOf } from './support/packed.ts';

const NODES = [22, 24, 26];
const COMMAND = 'node_modules/.bin/userref-php-bridge';

describe('a machine that installs the bridge for PHP', () => {
  const place = mkdtempSync(join(tmpdir(), 'userref-bridge-'));
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await freshFolder('php-bridge', tarballsOf('@userref/sdk-core', '@userref/php-bridge'));
  }, 420_000);
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  /** The settings of the README, with secrets, and its files below another folder than /etc. */
  async function settingsOfReadme(program: string): Promise<{ file: string; secret: string }> {
    const readme = readFileSync(join(packedPackage('@userref/php-bridge').folder, 'README.md'), 'utf8');
    const [, block = ''] = /```ini\n([\s\S]*?)```/.exec(readme) ?? [];
    const own = `USERREF_BRIDGE_LISTEN=unix:${place}/bridge.sock`;
    const text = block
      .replaceAll('/etc/userref', place)
      .replaceAll('…', randomBytes(32).toString('base64url'))
      .replace(/(SOCKET_GROUP)=.*/, `$1=${process.getgid?.()}`);
    const secrets = await Promise.all(
      [...text.matchAll(/_FILE=(\S+)/g)].map(async ([, path = '']) => {
        const { output } = await run(program, [COMMAND, 'secret'], folder as string);
        writeFileSync(path, output);
        return [path, output.trim()] as const;
      }),
    );
    const file = join(place, 'php-bridge.env');
    writeFileSync(file, `${text}${own}\n`);
    return { file, secret: secrets.find(([path]) => path.endsWith('bridge-secret'))?.[1] ?? '' };
  }

  it.for(NODES)(
    'starts it on Node %i with the settings of the README, and it answers PHP and nobody else',
    { timeout: 420_000 },
    async (node, { skip }) => {
      const program = await nodeProgram(node);
      if (!folder || !program) return skip();
      const help = await run(program, [COMMAND, '--help'], folder);
      expect([help.code, help.output]).toEqual([0, expect.stringContaining('USERREF_BRIDGE_LISTEN')]);
      const { file, secret } = await settingsOfReadme(program);
      expect(await run(program, [COMMAND, 'check', '--config', file], folder)).toMatchObject({ code: 0 });
      const bridge = spawn(program, [COMMAND, '--config', file], { cwd: folder });
      try {
        await listening(bridge);
        expect(await ask({ secret })).toMatchObject({ status: 200 });
        expect(await ask({ secret: 'guessed' })).toMatchObject({ status: 401 });
      } finally {
        bridge.kill('SIGTERM');
      }
      expect(await new Promise((done) => bridge.once('exit', done))).toBe(0);
    },
  );

  function ask({ secret }: { secret: string }): Promise<{ status: number | undefined; body: unknown }> {
    return new Promise((done, fail) => {
      const sent = request({
        ...{ socketPath: join(place, 'bridge.sock'), path: '/v1/health' },
        headers: { host: 'localhost', authorization: `Bearer ${secret}` },
      });
      sent.on('error', fail).on('response', (response) => {
        json(response).then((body) => done({ status: response.statusCode, body }), fail);
      });
      sent.end();
    });
  }
});

function listening(bridge: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((done, fail) => {
    bridge.stderr?.on('data', (chunk) => {
      said += chunk;
      if (said.includes('listens on')) done();
    });
    bridge.once('exit', (code) => fail(new Error(`the bridge ended with ${code}: ${said}`)));
  });
}
