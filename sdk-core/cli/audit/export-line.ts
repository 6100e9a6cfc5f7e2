import { leafHash } from './merkle.ts';

/** One line of an export, with the facts that its place is judged by. */
export interface ExportLine {
  readonly log: string;
  readonly seq: number;
  /** Leaf hash of the entry before, base64. */
  readonly prev: string;
  /** Leaf hash of these bytes. */
  readonly leaf: Buffer;
  /** The same as base64. */
  readonly leafText: string;
}

/** What verification goes on from, when an export does not begin at the first entry. */
export interface ExportStart {
  readonly size: number;
  readonly head: string;
  readonly frontier: readonly Buffer[];
}

const OPENING = Buffer.from('{"entry":');
const START = Buffer.from('{"after":');
/** `,"leaf":"` + 44 characters + `"}` */
const CLOSING_BYTES = 55;
const CLOSING = /^,"leaf":"([A-Za-z0-9+/]{43}=)"\}$/;

/** @returns `malformed` or `edited` when the line is not what an export writes */
export function parseExportLine(line: Buffer): ExportLine | 'malformed' | 'edited' {
  const closing = CLOSING.exec(line.subarray(-CLOSING_BYTES).toString('latin1'));
  if (!closing || !line.subarray(0, OPENING.length).equals(OPENING)) return 'malformed';
  const bytes = line.subarray(OPENING.length, -CLOSING_BYTES);
  const leaf = leafHash(bytes);
  const leafText = leaf.toString('base64');
  if (leafText !== closing[1]) return 'edited';
  const entry = parseObject(bytes.toString('utf8'));
  const { log, seq, prev } = entry ?? {};
  if (typeof log !== 'string' || !Number.isSafeInteger(seq) || typeof prev !== 'string') return 'malformed';
  return { log, seq: seq as number, prev, leaf, leafText };
}

/** The number that a line claims for itself, whatever else is wrong with it. */
export function claimedNumber(line: Buffer): number | undefined {
  const parsed = parseExportLine(line);
  return typeof parsed === 'string' ? undefined : parsed.seq;
}

/** The first line of an export that leaves out the beginning of its log; `undefined` for any other line. */
export function parseExportStart(line: Buffer): ExportStart | undefined {
  if (!line.subarray(0, START.length).equals(START)) return undefined;
  const start = parseObject(line.toString('utf8'))?.after as Record<string, unknown> | undefined;
  const { size, head, frontier } = start ?? {};
  if (!Number.isSafeInteger(size) || typeof head !== 'string' || !Array.isArray(frontier)) return undefined;
  return {
    size: size as number,
    head,
    frontier: frontier.map((one) => Buffer.from(String(one), 'base64')),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
