import { createReadStream } from 'node:fs';

const LINE_BREAK = 0x0a;
const CHUNK = 1 << 20;
/** No entry comes near this; a file without line breaks must not fill the memory. */
const LONGEST_LINE = 4 << 20;

/** The lines of a file, without their breaks, in groups; holds a few megabytes however long the file is. */
export async function* readLines(path: string): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(LINE_BREAK); end >= 0; end = bytes.indexOf(LINE_BREAK, start)) {
      lines.push(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > LONGEST_LINE) throw new TypeError('a line of the export is longer than any entry');
    yield lines;
  }
  if (rest.length > 0) yield [rest];
}
