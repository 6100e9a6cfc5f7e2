const BYTE_ORDER_MARKS: readonly (readonly [number, number, string])[] = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
];

/** What a dump says that it is written in: `SET NAMES cp1251`, `SET client_encoding = 'WIN1251'`. */
const DECLARED = /^(?:\/\*!\d+ )?SET (?:NAMES |client_encoding = )'?(\w+)/im;
const NAMED: Readonly<Record<string, string>> = {
  ...{ latin2: 'iso-8859-2', latin5: 'iso-8859-9', koi8r: 'koi8-r', koi8u: 'koi8-u', greek: 'iso-8859-7' },
  ...{ hebrew: 'iso-8859-8', iso_8859_5: 'iso-8859-5', cp866: 'ibm866', win866: 'ibm866', gbk: 'gbk' },
  ...{ gb18030: 'gb18030', big5: 'big5', sjis: 'shift_jis', cp932: 'shift_jis', ujis: 'euc-jp' },
  ...{ euc_jp: 'euc-jp', euckr: 'euc-kr', euc_kr: 'euc-kr' },
};

/** Those in which a byte is a letter: what lies in them beside text is left as it is. */
const SINGLE = /^(?:windows-|iso-|koi8-|ibm)/;

/**
 * The charset of a text that is neither ASCII, UTF-8 nor Latin-1, as far as it says so itself; undefined for those,
 * which need no help.
 */
export function charsetOf(start: Buffer): string | undefined {
  const mark = BYTE_ORDER_MARKS.find(([first, second]) => start[0] === first && start[1] === second);
  if (mark) return mark[2];
  const [, name = ''] = DECLARED.exec(start.toString('latin1')) ?? [];
  const [, page] = /^(?:cp|win)(125\d)$/i.exec(name) ?? [];
  return page === undefined ? NAMED[name.toLowerCase()] : `windows-${page}`;
}

export function isSingleByte(charset: string): boolean {
  return SINGLE.test(charset);
}

/** The same text in UTF-8. */
export async function* toUtf8(
  chunks: AsyncIterable<Uint8Array>,
  charset: string,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(charset);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
  yield Buffer.from(decoder.decode(), 'utf8');
}
