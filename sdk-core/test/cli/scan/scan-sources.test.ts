import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { nextRows } from '../../../cli/scan/source/open-database.ts';
import { scanStream } from '../../../cli/scan/source/scan-stream.ts';
import { MAIN, spawnUserref, temporaryFolder, userref } from '../../support/cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const EMAIL = 'odd.canary71@nowhere.example';
const NAME = 'Привел Трахин';
const LEAK = `first line\nto ${EMAIL} sent\n`;
const WITH_CANARIES = ['--canaries', 'canaries.json'];
write('canaries.json', JSON.stringify({ email: EMAIL, name: NAME }));

describe('what is packed is looked into', () => {
  it.each([
    ['gzip', gzipSync(LEAK)],
    ['zstd', zstdCompressSync(LEAK)],
    ['gzip, twice', gzipSync(gzipSync(LEAK))],
  ])('%s, also when it is piped in', async (_what, bytes) => {
    write('packed', bytes);
    expect(await scanJson('packed')).toMatchObject({ code: 1, findings: [{ source: 'packed', line: 2 }] });
    const piped = await spawnUserref(['scan', '-', ...WITH_CANARIES, '--json'], {
      ...{ cwd: folder.path, input: bytes },
    });
    expect([piped.code, JSON.parse(piped.out).findings]).toMatchObject([1, [{ source: '-', line: 2 }]]);
  });

  it('tar, with what is packed in it', async () => {
    mkdirSync(inFolder('site/logs'), { recursive: true });
    write('site/logs/a.log', LEAK);
    write('site/dump.sql.gz', gzipSync(LEAK));
    write(`site/${'long-name-'.repeat(15)}.txt`, 'nothing');
    write('site/photos.zip', 'PK\u0003\u0004…');
    write('site/z.txt', `${'filler '.repeat(400_000)}${EMAIL}`);
    for (const [archive, flags] of [
      ['site.tar', '-cf'],
      ['site.tgz', '-czf'],
    ] as const) {
      execFileSync('tar', [flags, archive, '--sort=name', 'site'], { cwd: folder.path });
      const { code, findings, not_read } = await scanJson(archive);
      expect([code, findings.map(({ source }: { source: string }) => source), not_read]).toEqual([
        1,
        [`${archive}!site/dump.sql.gz`, `${archive}!site/logs/a.log`, `${archive}!site/z.txt`],
        [{ source: `${archive}!site/photos.zip`, why: expect.stringContaining('ZIP') }],
      ]);
    }
  });

  it('a tar that ends in the middle is not clean', async () => {
    write('cut/a.txt', 'nothing '.repeat(1000));
    const tar = execFileSync('tar', ['-cf', '-', 'cut'], { cwd: folder.path });
    write('cut.tar', tar.subarray(0, 3000));
    expect(await scanJson('cut.tar')).toMatchObject({ code: 2, clean: false });
  });

  it.each([
    ['xz', '\xfd7zXZ\u0000'],
    ['a PDF', '%PDF-1.7\n'],
    ['a snapshot of Redis', 'REDIS0011'],
    ['7z', '7z\xbc\xaf\x27\x1c'],
  ])('%s is told as not looked into, also from a pipe', async (_what, text) => {
    const input = Buffer.concat([Buffer.from(text, 'latin1'), deflateSync(LEAK)]);
    write('closed', input);
    expect(await scanJson('closed')).toMatchObject({ code: 2, not_read: [{ source: 'closed' }] });
    expect((await spawnUserref(['scan', '-', ...WITH_CANARIES], { cwd: folder.path, input })).code).toBe(2);
  });

  it('the folder that pg_dump writes, whose contents hold no rows', async () => {
    write('pg/toc.dat', 'PGDMP\u0001\u000e public orders');
    write('pg/3001.dat.gz', gzipSync(`7\t${EMAIL}\n`));
    expect(await scanJson('pg')).toMatchObject({ code: 1, found: 1, not_read: [] });
  });
});

describe('nothing counts as clean that was not looked into', () => {
  it('a link is followed, and a circle of links once', async () => {
    write('releases/7/a.log', LEAK);
    symlinkSync('releases/7', inFolder('current'));
    symlinkSync('..', inFolder('releases/7/up'));
    symlinkSync('self', inFolder('releases/7/self'));
    symlinkSync('nowhere', inFolder('releases/7/dangling'));
    for (const path of ['current', 'releases']) {
      expect([path, await scanJson(path)]).toMatchObject([path, { code: 1, not_read: [] }]);
    }
    expect(await scanJson('releases/7')).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ source: 'releases/7/a.log' })]),
    });
  });

  it('a link out of the folder, as to shared logs, leads to what it names', async () => {
    write('shared/app.log', LEAK);
    mkdirSync(inFolder('app'));
    symlinkSync('../shared', inFolder('app/log'));
    expect(await scanJson('app')).toMatchObject({ found: 1, findings: [{ source: 'app/log/app.log' }] });
  });

  it('a pipe that a shell hands over is read', async () => {
    const command = `"${process.execPath}" --conditions=@userref/source "${MAIN}" scan <(printf 'x ${EMAIL}') --canaries canaries.json`;
    const shell = spawn('bash', ['--norc', '-c', command], { cwd: folder.path, env: {} });
    expect(await new Promise((done) => shell.once('close', done))).toBe(1);
  });

  it('a pipe in a folder is no reason to wait', async () => {
    mkdirSync(inFolder('run'));
    execFileSync('mkfifo', [inFolder('run/fifo')]);
    write('run/a.log', LEAK);
    expect(await scanJson('run')).toMatchObject({ code: 1, found: 1 });
  });

  it.each([['empty'], ['empty.log']])('%s: nothing to search is nothing proven', async (path) => {
    mkdirSync(inFolder('empty'), { recursive: true });
    write('empty.log', '');
    const { code, out } = await userref(['scan', path, ...WITH_CANARIES], { cwd: folder.path });
    expect([code, out]).toEqual([2, 'There was nothing to search that could be.']);
  });

  it('a folder that may not be read hides nothing of what was found elsewhere', async ({ skip }) => {
    if (process.getuid?.() !== 0) return skip('only root can run a scan as somebody else');
    write(`closed-folder/${EMAIL}.log`, LEAK);
    write('closed-folder/open.log', LEAK);
    mkdirSync(inFolder('closed-folder/no'));
    const command = `chmod -R a+rX . && chmod 000 closed-folder/no closed-folder/odd*.log && exec setpriv --reuid 65534 --clear-groups "${process.execPath}" --conditions=@userref/source "${MAIN}" scan closed-folder --canaries canaries.json`;
    const shell = spawn('bash', ['--norc', '-c', command], {
      cwd: folder.path,
      env: { PATH: process.env.PATH },
    });
    let out = '';
    for await (const text of shell.stdout) out += text;
    expect(out).toContain('closed-folder/open.log:2');
    expect(out).toContain('Not looked into: closed-folder/no: EACCES.');
    expect(out).toContain('Not looked into: closed-folder/[name 2]: EACCES.');
    expect(out).not.toContain(EMAIL);
  });
});

describe('texts in other charsets', () => {
  const dump = `INSERT INTO \`t\` (\`id\`, \`name\`) VALUES (17,'${NAME}');\n`;

  it.each([
    ['UTF-16, as a shell of Windows redirects a dump', Buffer.from(`\ufeff${dump}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\ufeff${dump}`, 'utf16le').swap16()],
    ['Windows-1251', cyrillic(`/*!40101 SET NAMES cp1251 */;\n${dump}`, 0xc0)],
    ['Windows-1251 of PostgreSQL', cyrillic(`SET client_encoding = 'WIN1251';\n${dump}`, 0xc0)],
  ])('%s', async (_what, bytes) => {
    write('dump.sql', bytes);
    const { findings } = await scanJson('dump.sql');
    expect(findings).toMatchObject([{ kind: 'name', column: 't.name', row: 'id=17' }]);
  });

  it('and bytes beside them stay what they are', async () => {
    const packed = deflateSync(`x ${EMAIL} y`)
      .toString('latin1')
      .replaceAll(/['\\]/g, '\\$&')
      .replaceAll('\0', '\\0');
    const blob = Buffer.from(
      `INSERT INTO t VALUES (_binary '${packed}','${Buffer.from('Zoë').toString('latin1')}');\n`,
      'latin1',
    );
    write('mixed.sql', Buffer.concat([cyrillic(`/*!40101 SET NAMES cp1251 */;\n${dump}`, 0xc0), blob]));
    const { findings } = await scanJson('mixed.sql');
    expect(findings.map(({ kind }: { kind: string }) => kind)).toEqual(['name', 'email']);
  });

  it('canaries too', async () => {
    write('wide.txt', Buffer.from(`\ufeff${NAME}\r\n`, 'utf16le'));
    write('name.log', `x ${NAME}`);
    const words = ['scan', 'name.log', '--canaries', 'wide.txt'];
    expect((await userref(words, { cwd: folder.path })).code).toBe(1);
  });
});

describe('rows of a live database come in groups', () => {
  it.each([
    ['one of a picture each', { rows: 1, bytes: 8_000_000 }, 1],
    ['fewer when they become longer', { rows: 200, bytes: 20_000_000 }, 10],
    ['some more of short ones', { rows: 1, bytes: 90 }, 4],
    ['never very many', { rows: 100, bytes: 0 }, 200],
  ])('%s', (_what, last, wanted) => expect(nextRows(last)).toBe(wanted));
});

describe('the report', () => {
  it('leaves out the file of the canaries themselves', async () => {
    write('project/canaries.json', JSON.stringify([EMAIL]));
    write('project/a.log', 'nothing');
    const words = ['scan', '.', '--canaries', 'canaries.json'];
    expect((await userref(words, { cwd: inFolder('project') })).code).toBe(0);
  });

  it('shows no value that is a key, a table or a column', async () => {
    write(
      'keys.sql',
      `INSERT INTO \`customers\` (\`phone\`, \`mail\`) VALUES (442079460171,'${EMAIL}');\n` +
        `INSERT INTO \`${NAME.replace(' ', '_')}\` (\`a\`) VALUES ('${EMAIL}');\n`,
    );
    const { text } = await scanJson('keys.sql');
    expect(text).not.toMatch(/442079460171|Привел/);
    expect(text).toContain('customers.mail');
  });

  it('lets no name of a file steer the terminal', async () => {
    write('odd/\u001b[2J\u202e.log', LEAK);
    const { out } = await userref(['scan', 'odd', ...WITH_CANARIES], { cwd: folder.path });
    expect(out).toContain('�[2J�.log:2');
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
  });

  it('tells the line of everything in a block that is full of it', async () => {
    const lines: (number | undefined)[] = [];
    await scanStream([Buffer.from('x\n'.repeat(4000))], {
      place: { source: 's' },
      scan: {
        search: () =>
          Array.from({ length: 4000 }, (_, n) => ({ kind: 'k', start: 2 * n, last: 2 * n, forms: [] })),
        found: ({ line }) => void lines.push(line),
        advance: () => {},
        unread: () => {},
      },
    });
    expect(lines).toEqual(Array.from({ length: 4000 }, (_, n) => n + 1));
  });
});

describe('Ctrl-C', () => {
  it('tells what was found until then, and ends with 130', async () => {
    const args = ['--conditions=@userref/source', MAIN, 'scan', '-', ...WITH_CANARIES, '--json'];
    const child = spawn(process.execPath, args, { cwd: folder.path, env: {} });
    let out = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    // More than two blocks, so that the leak in the first one was looked at when the pipe takes no more.
    const rest = 'nothing here\n'.repeat(400_000);
    await new Promise((done) => child.stdin.write(`${LEAK}${rest}`, done));
    child.kill('SIGINT');
    const code = await new Promise((done) => child.once('close', done));
    expect([code, JSON.parse(out)]).toMatchObject([130, { clean: false, stopped: true, found: 1 }]);
  });
});

function inFolder(name: string): string {
  return join(folder.path, name);
}

function write(name: string, content: string | Buffer): void {
  mkdirSync(join(inFolder(name), '..'), { recursive: true });
  writeFileSync(inFolder(name), content);
}

async function scanJson(...words: string[]) {
  const { code, out } = await userref(['scan', ...words, ...WITH_CANARIES, '--json'], { cwd: folder.path });
  return { code, ...JSON.parse(out), text: out };
}

/** In a charset that has the Russian letters from А to я in their order. */
function cyrillic(text: string, first: number): Buffer {
  return Buffer.from(
    [...text].map((letter) => {
      const code = letter.charCodeAt(0);
      return code < 0x80 ? code : code - 0x410 + first;
    }),
  );
}
