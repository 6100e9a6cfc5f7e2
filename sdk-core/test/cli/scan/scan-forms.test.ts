import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Matcher } from '../../../cli/scan/match/matcher.ts';
import { fingerprintCanaries } from '../../../cli/scan/needles/canaries.ts';
import { ScanKey } from '../../../cli/scan/needles/fingerprint.ts';
import { searchBlock } from '../../../cli/scan/search-block.ts';

const VALUES = {
  email: 'odd.canary71@nowhere.example',
  name: 'Jürgen Größmann',
  greek: 'Œlena Ναθοκ',
  polish: 'Żorquim Veltraxen',
  short: 'Ann Odell',
  phone: '+49 171 5551234',
  landline: '+49 30 12345678',
};
type Kind = keyof typeof VALUES;
const { email, name, short, phone } = VALUES;
const search = finder(VALUES);

function finder(values: Record<string, string>) {
  const key = new ScanKey(Buffer.alloc(32, 5));
  const canaries = Object.entries(values).map(([kind, value]) => ({ kind, value }));
  const { fingerprints } = fingerprintCanaries(key, canaries);
  const matcher = new Matcher({ key, fingerprints, strictness: 'canaries' });
  return (text: string | Buffer, isPacked = false) =>
    searchBlock(Buffer.from(text as string), { matcher, fewestBytes: 8, isPacked });
}

const base64 = (text: string | Buffer) => Buffer.from(text as string).toString('base64');

describe('a value in a mail is seen', () => {
  it.each<[string, string, Kind]>([
    ['quoted-printable', 'Hallo J=C3=BCrgen Gr=C3=B6=C3=9Fmann,', 'name'],
    ['quoted-printable of Latin-1', 'Hallo J=FCrgen Gr=F6=DFmann,', 'name'],
    ['over the end of a line', 'To: odd.canary71@now=\r\nhere.example, and', 'email'],
    ['in a header', 'To: =?UTF-8?Q?J=C3=BCrgen_Gr=C3=B6=C3=9Fmann?= <x>', 'name'],
    [
      'in a header of two words',
      'To: =?UTF-8?Q?odd=2Ecanary71=40nowh?=\r\n =?UTF-8?Q?ere=2Eexample?=',
      'email',
    ],
    [
      'in a header, base64 of Latin-1',
      `=?ISO-8859-1?B?${base64(Buffer.from(`x ${name}`, 'latin1'))}?=`,
      'name',
    ],
    [
      'in a dump of a log of mails',
      "(7,'Hallo J=C3=BCrgen Gr=C3=\\r\\n=B6=C3=9Fmann')".replace('=\\r', '=\\r'),
      'name',
    ],
    ['with a parameter before it', `?mail=${email}&id=20`, 'email'],
    ['url-encoded behind an equals sign', 'mail=odd%2Ecanary71%40nowhere%2Eexample', 'email'],
  ])('%s', (_what, text, kind) => expect(kinds(text)).toEqual([kind]));
});

describe('what is packed in something else is seen', () => {
  const filler = 'lorem ipsum dolor '.repeat(50);
  const text = `${filler}a:1:{s:1:"e";s:28:"${email}";}${filler}`;
  it.each<[string, Buffer]>([
    ['gzip', gzipSync(text)],
    ['zlib, as PHP’s gzcompress', deflateSync(text)],
    ['MySQL’s COMPRESS', Buffer.concat([Buffer.from([9, 9, 0, 0]), deflateSync(text)])],
  ])('%s', (_what, packed) => {
    const escaped = packed
      .toString('latin1')
      .replaceAll(/[\\'"]/g, '\\$&')
      .replaceAll('\0', '\\0')
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r')
      .replaceAll('\u001a', '\\Z');
    for (const written of [
      Buffer.concat([Buffer.from('key:'), packed, Buffer.from('tail')]),
      Buffer.from(`(1,0x${packed.toString('hex')},2)`),
      Buffer.from(`1\t\\\\x${packed.toString('hex')}\n`),
      Buffer.from(`{"s":"${base64(packed)}"}`),
      Buffer.from(`(1,_binary '${escaped}',2)`, 'latin1'),
      packed.subarray(0, -4),
    ]) {
      expect(search(written)).toEqual([expect.objectContaining({ kind: 'email' })]);
    }
  });

  it('however many of them there are', () => {
    const many = Array.from({ length: 900 }, (_, n) => [
      Buffer.from(`key ${n}:`),
      deflateSync(`${n} ${email} x`),
    ]);
    expect(search(Buffer.concat(many.flat()))).toHaveLength(900);
    expect(search(Buffer.alloc(1 << 20, Buffer.from([0x78, 0x9c])))).toEqual([]);
  });

  it('and what only begins so is no reason to stop', () => {
    const bytes = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 4, 0x78, 0x9c, 1, 2]),
      Buffer.from(` ${email} `),
    ]);
    expect(search(bytes)).toHaveLength(1);
  });
});

describe('a value is seen', () => {
  it.each<[string, string | Buffer, Kind]>([
    ['in the colours of a terminal', `\u001b[1mJürgen\u001b[0m \u001b[38;5;12mGrößmann\u001b[0m`, 'name'],
    ['in colours, though it is short', `\u001b[32m${short}\u001b[0m`, 'short'],
    ['in colours that were escaped', `{"m":"\\u001b[32m${short}\\u001b[0m"}`, 'short'],
    ['between the zero bytes of a dump', `'\\0User\\0${short}\\0'`, 'short'],
    ['as JavaScript’s escape writes it', escape('x ').concat('%u017Borquim%20Veltraxen'), 'polish'],
    ['in HTML of PHP’s htmlentities', '&OElig;lena &Nu;&alpha;&theta;&omicron;&kappa;', 'greek'],
    ['in base64 of Latin-1', base64(Buffer.from(`x ${name} y`, 'latin1')), 'name'],
    ['in hexadecimal of Latin-1', Buffer.from(`x ${name} y`, 'latin1').toString('hex'), 'name'],
    ['with the family name first', 'Größmann, Jürgen', 'name'],
    ['between columns of a row', "(7,'Jürgen','Größmann')", 'name'],
    ['as a number in JSON', '{"p":4917155512340,"q":491715551234}', 'phone'],
    ['with a zero in brackets', '+49 (0) 171 - 555 12 34', 'phone'],
    ['with slashes', '0171/555.12.34', 'phone'],
    ['in UTF-16', Buffer.from('x 0171 5551234 ', 'utf16le'), 'phone'],
  ])('%s', (_what, text, kind) => expect(kinds(text)).toEqual([kind]));

  it.each([
    ['indented', '\n    '],
    ['indented by tabs', '\n\t\t'],
    ['quoted', '\r\n> '],
    ['in a JSON string', '\\r\\n'],
    ['in a JSON string of a dump', '\\\\r\\\\n'],
  ])('in base64 with lines %s, wherever a line ends', (_what, end) => {
    for (let before = 0; before < 80; before += 1) {
      const lines = base64(`${'x'.repeat(before)} ${email} ${'y'.repeat(120)}`).replaceAll(
        /.{76}/g,
        `$&${end}`,
      );
      expect([before, search(lines).length]).toEqual([before, 1]);
    }
  });

  it('side by side with others where a file is one of a database', () => {
    const row = `${'a long title of a post that goes on and on '.repeat(3)}x${email}y${'and a comment '.repeat(9)}`;
    expect([search(row).length, search(row, true).length]).toEqual([0, 1]);
  });
});

describe('nothing is seen where there is none', () => {
  it.each([
    ['a time in seconds that reads like a mobile number', `(7,1715551234,'x')`],
    ['numbers of several columns', '(0,30,12345678)'],
    ['numbers of several rows', '49\n30\n12345678\n'],
    ['numbers of several members', '{"a":49,"b":3012345678}'.replace('3012345678', '30,"c":12345678')],
    [
      'a longer number at the end of what is near an escape',
      `%20${'x'.repeat(1010)} ${phone.slice(1)}7${' z'.repeat(2000)}%20`,
    ],
  ])('%s', (_what, text) => expect(search(text)).toEqual([]));

  it('however far from an escape a longer number stands', () => {
    for (let before = 1000; before < 1040; before += 1) {
      const text = `%20${'x'.repeat(before)} 4917155512347 ${'z '.repeat(3000)}%20`;
      expect([before, search(text).length]).toEqual([before, 0]);
    }
  });

  it('in text behind the end of a line of bytes that an equals sign ends', () => {
    const line = Buffer.concat([
      Buffer.from([1, 2, 3, 200, 201, 7, 5, 0x3d, 10]),
      Buffer.from(`note: ${email}w\n`),
    ]);
    expect(search(line)).toEqual([]);
  });
});

function kinds(text: string | Buffer): string[] {
  return search(text).map(({ kind }) => kind);
}
