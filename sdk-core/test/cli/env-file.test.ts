import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unignoredPaths, writeEnvFile } from '../../cli/dev/write-env-file.ts';
import { mergeEnvLines, readEnvLines } from '../../cli/site/env-lines.ts';
import { temporaryFolder } from '../support/cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const inFolder = (name: string) => join(folder.path, name);
const HEADING = { heading: 'Ours' };

describe('lines of an env file', () => {
  it('are read as Node reads them', () => {
    const text = 'A=1\nexport B="two # words"\n# C=no\nD = \'x\' \nA=2\r\nE=plain # comment\n';
    expect(Object.fromEntries(readEnvLines(text))).toEqual({ A: '2', B: 'two # words', D: 'x', E: 'plain' });
  });

  it('of others stay byte for byte', () => {
    const others = '# mine\r\nKEY="a b"\r\n\n  SPACED = 1\nUSERREF_SITE_OTHER=x\nno line at all\n';
    const merged = mergeEnvLines(`${others}USERREF_SITE=old\n`, { USERREF_SITE: 'new' }, HEADING);
    expect(merged).toBe(`${others}USERREF_SITE=new\n`);
  });

  it('stay for shells too where they were', () => {
    const merged = mergeEnvLines('export USERREF_SITE="old"\r\n', { USERREF_SITE: 'new' }, HEADING);
    expect(merged).toBe('export USERREF_SITE=new\r\n');
  });

  it('are added once, behind a heading', () => {
    const values = { USERREF_SITE: 'a', USERREF_ISSUER: 'b' };
    const once = mergeEnvLines('X=1', values, HEADING);
    expect(once).toBe('X=1\n\n# Ours\nUSERREF_SITE=a\nUSERREF_ISSUER=b\n');
    expect(mergeEnvLines(once, values, HEADING)).toBe(once);
  });
});

describe('the env file that userref dev writes', () => {
  it('can be read by its owner only, even if it could be read before', () => {
    const file = inFolder('open.env');
    writeFileSync(file, 'X=1\n');
    chmodSync(file, 0o644);
    writeEnvFile(file, { USERREF_SITE: 'a' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('X=1\n');
    chmodSync(file, 0o644);
    writeEnvFile(file, { USERREF_SITE: 'a' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps a session secret of the developer', () => {
    const file = inFolder('own.env');
    writeFileSync(file, `USERREF_SESSION_SECRET=${'s'.repeat(40)}\n`);
    writeEnvFile(file, { USERREF_SESSION_SECRET: 'another', USERREF_SITE: 'a' });
    expect(readFileSync(file, 'utf8')).toContain(`USERREF_SESSION_SECRET=${'s'.repeat(40)}\n`);
  });

  it('leaves no second copy of the secrets behind', () => {
    const file = inFolder('new.env');
    writeEnvFile(file, { USERREF_SITE_SECRET: 'x' });
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it('is named when git would commit it', () => {
    execFileSync('git', ['init', '-q', folder.path]);
    writeFileSync(inFolder('.gitignore'), '.env.local\n');
    const paths = [inFolder('.env.local'), inFolder('.env.other')];
    expect(unignoredPaths(folder.path, paths)).toEqual(['.env.other']);
  });
});
