import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { spawnUserref, temporaryFolder, userref } from '../../support/cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const EMAIL = 'odd.canary71@nowhere.example';
const NAME = 'Zorquim Veltraxen';
const WITH_CANARIES = ['--canaries', 'canaries.json'];
write('canaries.json', JSON.stringify({ 'contact:email': EMAIL, 'profile:name': [NAME] }));

const MYSQL_DUMP = `-- MySQL dump 10.13
CREATE TABLE \`wp_users\` (
  \`ID\` bigint(20) unsigned NOT NULL,
  \`user_login\` varchar(60) NOT NULL DEFAULT 'a, b (c)',
  \`user_email\` varchar(100),
  PRIMARY KEY (\`ID\`),
  KEY \`email\` (\`user_email\`)
);
INSERT INTO \`wp_users\` VALUES (1,'it\\'s (not), \\"him\\"','x'),(22,'b','${EMAIL}');
INSERT INTO \`wp_options\` (\`name\`, \`value\`) VALUES ('theme','a:1:{s:4:\\"name\\";s:17:\\"${NAME}\\";}');
`;
const POSTGRES_DUMP = `-- PostgreSQL database dump
CREATE FUNCTION public.f() RETURNS void AS $$ begin raise 'don''t; (('; end $$ LANGUAGE plpgsql;
-- it's a comment
CREATE TABLE public.people (
    id uuid NOT NULL,
    note text DEFAULT 'x'::text
);
COPY public.people (id, note) FROM stdin;
7d8f0a52-7f4e-4c55-9c5e-0f1fd8b1f6a1\tnothing here
0a0f0a52-7f4e-4c55-9c5e-0f1fd8b1f6a2\t{"n": "${NAME.replace('Z', '\\\\u005a')}"}
\\.
INSERT INTO public.logins (who, at) VALUES ('${EMAIL}', now());
`;

describe('userref scan', () => {
  it('ends with 0 and says so when a file is clean', async () => {
    write('clean.log', 'nothing to see\n'.repeat(100));
    const { code, out } = await userref(['scan', 'clean.log', ...WITH_CANARIES], { cwd: folder.path });
    expect({ code, out }).toEqual({ code: 0, out: 'Nothing found. Searched 0.0 MB.' });
  });

  it('ends with 1 and tells file, line, byte and kind, never the value', async () => {
    write('bad.log', `first\nsecond q=${encodeURIComponent(EMAIL)}\n`);
    const { code, out } = await userref(['scan', 'bad.log', ...WITH_CANARIES], { cwd: folder.path });
    expect(code).toBe(1);
    expect(out).toContain('bad.log:2  byte 15  contact:email (url-encoded)');
    expect(out.toLowerCase()).not.toMatch(/odd|canary71|zorquim/);
  });

  it('tells table, column and row of a MySQL dump', async () => {
    write('mysql.sql', MYSQL_DUMP);
    const { findings } = await scanJson('mysql.sql');
    expect(findings).toEqual([
      place({ column: 'wp_users.user_email', row: 'ID=22', line: 9, kind: 'contact:email', forms: [] }),
      place({
        ...{ column: 'wp_options.value', row: '#1', line: 10, kind: 'profile:name' },
        forms: ['serialized-php'],
      }),
    ]);
  });

  it('tells table, column and row of a PostgreSQL dump, gzipped', async () => {
    writeFileSync(join(folder.path, 'postgres.sql.gz'), gzipSync(POSTGRES_DUMP));
    const { findings } = await scanJson('postgres.sql.gz');
    expect(findings).toEqual([
      place({
        ...{ column: 'public.people.note', row: 'id=0a0f0a52-7f4e-4c55-9c5e-0f1fd8b1f6a2', line: 10 },
        ...{ kind: 'profile:name', forms: ['json-escaped', 'json-escaped'] },
      }),
      place({ column: 'public.logins.who', row: '#1', line: 12, kind: 'contact:email', forms: [] }),
    ]);
  });

  it('never shows a key that may be personal itself', async () => {
    write('key.sql', `INSERT INTO t (email, x) VALUES ('${EMAIL}', '${NAME}');\n`);
    const { text } = await scanJson('key.sql');
    expect(text).not.toContain(EMAIL);
  });

  it('looks into folders, and at names of files, which it does not repeat', async () => {
    mkdirSync(join(folder.path, 'logs', EMAIL), { recursive: true });
    write(`logs/${EMAIL}/a.log`, NAME);
    const { findings, text } = await scanJson('logs');
    expect(findings.map(({ source, kind }: { source: string; kind: string }) => [source, kind])).toEqual([
      [join('logs', '[name 2]'), 'contact:email'],
      [join('logs', '[name 2]', 'a.log'), 'profile:name'],
    ]);
    expect(text).not.toContain(EMAIL);
  });

  it('is not clean when something could not be looked into', async () => {
    write('packed.dump', 'PGDMP\u0001\u000e');
    write('broken.gz', gzipSync(Buffer.alloc(4096, 'text')).subarray(0, 20));
    for (const file of ['packed.dump', 'broken.gz']) {
      const { code, out } = await userref(['scan', file, ...WITH_CANARIES], { cwd: folder.path });
      expect([file, code]).toEqual([file, 2]);
      expect(out).toContain(`Not looked into: ${file}`);
    }
  });

  it('says which canaries are too short to be told from chance', async () => {
    write('short.txt', `${EMAIL}\n1991-04-17\n`);
    write('clean.log', 'nothing 1991-04-17\n');
    const { code, out } = await userref(['scan', 'clean.log', '--canaries', 'short.txt'], {
      cwd: folder.path,
    });
    expect(code).toBe(0);
    expect(out).toContain('Not searched for: canary 2');
  });

  it('counts all places and lists as many as wished', async () => {
    write('many.log', `${EMAIL}\n`.repeat(50));
    const { findings, found } = await scanJson('many.log', '--max-findings', '3');
    expect([findings.length, found]).toEqual([3, 50]);
  });

  it.each([
    ['no path', ['--canaries', 'canaries.json']],
    ['no canaries', ['clean.log']],
    ['both kinds of needles', ['clean.log', '--canaries', 'x', '--fingerprints', 'y']],
    ['fingerprints without a key', ['clean.log', '--fingerprints', 'y']],
    ['a path that is not there', ['nowhere.log', '--canaries', 'canaries.json']],
    ['standard input twice', ['-', '--canaries', '-']],
    ['an unknown option', ['clean.log', '--canary', EMAIL]],
    ['a database without an address', ['--database', '--canaries', 'canaries.json']],
  ])('ends with 2 for %s', async (_what, words) => {
    expect((await userref(['scan', ...words], { cwd: folder.path })).code).toBe(2);
  });
});

describe('userref scan as a process', () => {
  it('takes canaries from the standard input, so that no list of processes shows them', async () => {
    write('bad.log', `x ${EMAIL}`);
    const args = ['scan', 'bad.log', '--canaries', '-', '--json'];
    const { code, out, err } = await spawnUserref(args, { cwd: folder.path, input: `${EMAIL}\n` });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({ clean: false, found: 1 });
  });

  it('searches what is piped in, and holds no more of it than a block', async () => {
    const filler = Buffer.from(`${'GET /?q=a%20b HTTP/1.1 200 the quick brown fox '.repeat(20)}\n`);
    const input = Buffer.concat([...Array(24 * 1100).fill(filler), Buffer.from(`last ${EMAIL}\n`)]);
    const args = ['scan', '-', ...WITH_CANARIES, '--json'];
    const { code, out } = await spawnUserref(args, {
      cwd: folder.path,
      input,
      env: { NODE_OPTIONS: '--max-old-space-size=64' },
    });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ found: 1, searched_bytes: input.length });
  });
});

function write(name: string, content: string | Buffer): void {
  writeFileSync(join(folder.path, name), content);
}

async function scanJson(...words: string[]) {
  const { out } = await userref(['scan', ...words, ...WITH_CANARIES, '--json'], { cwd: folder.path });
  return { ...JSON.parse(out), text: out };
}

function place(finding: object) {
  return expect.objectContaining(finding);
}
