import type { Random } from './random.ts';

/** How a value may lie in a dump or log; each gives one line, with what such data has around it. */
export const ENCODINGS: Readonly<Record<string, (value: string, random: Random) => string>> = {
  plain: (value) => `name="${oneLine(value)}"`,
  'in running text': (value, random) => `${random.letters(5)} ${value} ${random.letters(4)}`,
  'lower case': (value) => `<td>${value.toLowerCase()}</td>`,
  'upper case': (value) => `| ${value.toUpperCase()} |`,
  'other spacing': (value) => `[${value.replaceAll(' ', '  ').replaceAll(',', ' ,')}]`,
  'decomposed accents': (value) => `> ${value.normalize('NFD')} <`,
  'Latin-1': (value) => (/^[\u0020-\u00ff]*$/.test(value) ? `\u0000latin1:${value}` : value),
  'URL-encoded': (value) => `GET /search?q=${encodeURIComponent(value)}&page=2 HTTP/1.1`,
  'form-encoded': (value) => new URLSearchParams({ billing: value, id: '7' }).toString(),
  'every byte percent-encoded': (value) => `?x=${percentAll(value)}`,
  'URL-encoded twice': (value) => `u=${encodeURIComponent(encodeURIComponent(value))}`,
  JSON: (value) => JSON.stringify({ a: value, b: 1 }),
  'JSON with \\u': (value, random) => `{"a":"${unicodeAll(value, random)}"}`,
  'JSON in a JSON string': (value) => JSON.stringify({ payload: JSON.stringify({ v: value }) }),
  'JSON in SQL': (value) => `INSERT INTO t VALUES (1,'${sql(JSON.stringify({ v: value }))}');`,
  'HTML-escaped': (value) => `<p>${html(value)}</p>`,
  'HTML, every letter a number': (value, random) => `<b>${numericAll(value, random)}</b>`,
  SQL: (value) => `(17,'${sql(value)}',NULL)`,
  hex: (value) => `0x${Buffer.from(value).toString('hex')}`,
  'upper-case hex after random bytes': (value, random) =>
    `\\\\x${Buffer.concat([random.bytes(5), Buffer.from(value), random.bytes(3)])
      .toString('hex')
      .toUpperCase()}`,
  base64: (value) => `Authorization: Basic ${Buffer.from(value).toString('base64')}`,
  'base64 of JSON': (value) => Buffer.from(JSON.stringify({ id: 5, v: value })).toString('base64'),
  'base64url in a token': (value, random) =>
    `eyJ${random.letters(8)}.${Buffer.from(`{"sub":"${value}"}`).toString('base64url')}.${random.letters(20)}`,
  'base64 at a random place': (value, random) =>
    `blob:${Buffer.concat([random.bytes(random.below(60)), Buffer.from(value), random.bytes(random.below(60))]).toString('base64')}`,
  'base64 in a URL': (value) => `?state=${encodeURIComponent(Buffer.from(`s=${value};`).toString('base64'))}`,
  'serialized PHP': (value) => `a:1:{s:4:"name";s:${Buffer.byteLength(value)}:"${value}";}`,
  'serialized PHP in SQL': (value) =>
    `(9,'_meta','${sql(`a:1:{s:4:"name";s:${Buffer.byteLength(value)}:"${value}";}`)}')`,
  'base64 of serialized PHP': (value) =>
    Buffer.from(`O:4:"User":1:{s:1:"n";s:${Buffer.byteLength(value)}:"${value}";}`).toString('base64'),
};

/** The bytes of a line; a line that asks for Latin-1 is written so. */
export function lineBytes(line: string): Buffer {
  const [mark, text] = ['\u0000latin1:', line.slice(8)];
  return line.startsWith(mark)
    ? Buffer.from(text, 'latin1')
    : Buffer.from(line.replaceAll('\n', ' '), 'utf8');
}

function oneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}

function percentAll(value: string): string {
  return [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function unicodeAll(value: string, random: Random): string {
  return [...value].map((letter) => (random.next() < 0.7 ? unicode(letter) : escaped(letter))).join('');
}

function unicode(letter: string): string {
  return letter
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

function escaped(letter: string): string {
  return /["\\]/.test(letter) ? `\\${letter}` : letter;
}

function html(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#039;')
    .replaceAll('ü', '&uuml;')
    .replaceAll('ß', '&szlig;')
    .replaceAll('@', '&commat;');
}

function numericAll(value: string, random: Random): string {
  return [...value]
    .map((letter) => {
      const code = letter.codePointAt(0) ?? 0;
      return random.next() < 0.5 ? `&#${code};` : `&#x${code.toString(16)};`;
    })
    .join('');
}

function sql(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('"', '\\"');
}
