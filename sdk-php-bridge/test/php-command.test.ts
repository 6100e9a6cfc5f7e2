import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensurePhp } from './support/php.ts';
import {
  BRIDGE_SECRET,
  newFolder,
  removeFolders,
  serveCore,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

const problem = ensurePhp();
const PROGRAM = join(import.meta.dirname, '..', 'php', 'bin', 'userref-php');

describe.skipIf(problem !== undefined)('userref-php', () => {
  let served: ServedFakeCore;
  let bridge: TestBridge;

  beforeAll(async () => {
    served = await serveCore();
    bridge = await startTestBridge(served.core, { settings: { USERREF_BRIDGE_POLL_SECONDS: '5' } });
    await vi.waitFor(async () => expect((await bridge.call('/v1/revocations')).status).toBe(200));
  });
  afterAll(async () => {
    await bridge.stop();
    await served.stop();
    removeFolders();
  });

  /** A process of its own, so that the bridge in this one can answer. */
  async function run(command: string, changes: Record<string, string> = {}) {
    const child = spawn('php', [PROGRAM, command, configFile(changes)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    const status = await new Promise((done) => child.once('close', done));
    return { status, said };
  }

  function configFile(changes: Record<string, string>): string {
    const folder = newFolder();
    const { issuer, site, webhookSecret } = served.core;
    const config = { bridge: bridge.address, bridge_secret: BRIDGE_SECRET, issuer, site, ...changes };
    const file = join(folder, 'userref.php');
    writeFileSync(
      file,
      `<?php
return Userref\\Userref::fromConfig(json_decode('${JSON.stringify(config)}', true) + [
    'base_url' => 'http://localhost:4999',
    'webhook_secret' => '${webhookSecret}',
    'revocations' => new Userref\\Revocation\\FileRevocationStore('${folder}/revocations'),
    'cache' => new Userref\\Cache\\FileCache('${folder}/cache'),
]);
`,
    );
    return file;
  }

  it('doctor finds everything in place', async () => {
    const { status, said } = await run('doctor');
    expect(said).toMatch(/^(ok {4}.+\n){7}$/);
    expect(status).toBe(0);
  });

  it('doctor names what is wrong', async () => {
    const { status, said } = await run('doctor', { site: 'shop-b' });
    expect(said).toContain('WRONG issuer and site are the same here and there');
    expect(status).toBe(1);
    const refused = await run('doctor', { bridge_secret: 'x'.repeat(43) });
    expect(refused.said).toContain('bridge_unauthorized');
    expect(refused.status).toBe(1);
  });

  it('catch-up ends quietly', async () => {
    expect(await run('catch-up')).toEqual({ status: 0, said: '' });
  });

  it('other words are explained', () => {
    const { status, stderr } = spawnSync('php', [PROGRAM, 'catch'], { encoding: 'utf8' });
    expect(stderr).toContain('Usage: userref-php');
    expect(status).toBe(2);
  });

  it('--help tells the words and the exit codes', () => {
    const { status, stdout } = spawnSync('php', [PROGRAM, '--help'], { encoding: 'utf8' });
    expect(stdout).toMatch(/catch-up.*\n.*doctor[\s\S]*Exit codes: 0/);
    expect(status).toBe(0);
  });

  it('says so when the file is not there', () => {
    const { status, stderr } = spawnSync('php', [PROGRAM, 'doctor', 'gone.php'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, 'There is no file gone.php.\n']);
  });
});
