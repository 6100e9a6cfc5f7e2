import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { FakeCore } from '@userref/sdk-core/testing';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { readBridgeSettings, startBridge } from '../src/index.ts';
import { claimSocket } from '../src/server/claim-socket.ts';
import { environmentFor, newFolder, removeFolders } from './support/test-bridge.ts';

const CLAIM = join(import.meta.dirname, '..', 'src', 'server', 'claim-socket.ts');
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

afterAll(removeFolders);

describe('the socket of a bridge that runs', () => {
  it('is not taken from one that is too busy to answer', async () => {
    const path = join(newFolder(), 'bridge.sock');
    const busy = spawn(process.execPath, [
      '-e',
      listening(path, '{ backlog: 1, path }', "console.log('up')"),
    ]);
    onTestFinished(() => void busy.kill('SIGKILL'));
    await once(busy.stdout, 'data');
    busy.kill('SIGSTOP');
    const waiting = Array.from({ length: 8 }, () => connect(path).on('error', () => undefined));
    await expect.poll(() => waiting.some(({ destroyed }) => destroyed)).toBe(true);
    await expect(claimSocket(path)).rejects.toThrow('A bridge listens on');
    expect(lstatSync(path).isSocket()).toBe(true);
    for (const one of waiting) one.destroy();
  });

  it('is not taken from one whose socket is not ours to open', () => {
    const folder = newFolder();
    const path = join(folder, 'bridge.sock');
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    const claim = `require('node:fs').chmodSync(path, 0);
      import(${JSON.stringify(CLAIM)}).then(({ claimSocket }) => {
        if (process.getuid() === 0) process.seteuid(${NOBODY});
        return claimSocket(path);
      }).then(() => console.log('taken'), (error) => console.log(error.message)).then(() => process.exit());`;
    const { stdout } = spawnSync(process.execPath, ['-e', listening(path, 'path', claim)], {
      encoding: 'utf8',
    });
    expect(stdout).toContain('A bridge listens on');
  });

  it('is gone again where it cannot be given to its group', async () => {
    const path = join(newFolder(), 'bridge.sock');
    const given = { USERREF_BRIDGE_LISTEN: `unix:${path}`, USERREF_BRIDGE_SOCKET_GROUP: 'no_such_group' };
    const environment = { ...environmentFor(new FakeCore({ issuer: 'http://localhost:4998' })), ...given };
    const settings = readBridgeSettings({ environment: { ...environment, USERREF_LOG_LEVEL: 'silent' } });
    await expect(startBridge(settings)).rejects.toThrow('There is no group no_such_group.');
    expect(existsSync(path)).toBe(false);
  });
});

/** A program that listens on `path` and then does something. */
function listening(path: string, at: string, then: string): string {
  return `const path = ${JSON.stringify(path)};
    require('node:net').createServer().listen(${at}, () => { ${then} });`;
}
