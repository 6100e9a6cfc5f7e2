import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserrefError } from '@userref/sdk-core';
import { FakeCore } from '@userref/sdk-core/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { readBridgeSettings } from '../src/index.ts';
import { parseListenAddress } from '../src/settings/listen-address.ts';
import { SETTINGS } from '../src/settings/setting-list.ts';
import { BRIDGE_SECRET, environmentFor, newFolder, removeFolders } from './support/test-bridge.ts';

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
      USERREF_BRIDGE_PREVIEWS: 'https://*.shop.example, https://shop.example',
      USERREF_BRIDGE_POLL_SECONDS: '1',
      USERREF_BRIDGE_TYPO: '1',
      USERREF_SESSION_TTL_SECONDS: 'x',
      USERREF_CLOCK_TOLERANCE_SECONDS: '61',
      USERREF_LOGIN_PATH: '//x',
      USERREF_LOG_LEVEL: 'loud',
    });
    expect(problems).toHaveLength(14);
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

  it.each([',', ' , ,'])('take "%s" for no secret at all', (list) => {
    const given = { USERREF_BRIDGE_SECRET: list, USERREF_SESSION_SECRET: list };
    expect(problemsOf({ ...environment, ...given })).toHaveLength(2);
  });

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
