/** One byte sequence that would show that a value is there in some spelling. */
export interface Needle {
  readonly form: CanaryForm;
  readonly bytes: Buffer;
  /** Compared with the text folded to lower case (ASCII only), so that no spelling in capitals slips through. */
  readonly foldCase: boolean;
}

export const canaryForms = [
  'plain',
  'lower-cased',
  'url-encoded',
  'form-encoded',
  'base64',
  'base64url',
  'json-escaped',
  'hex',
  'utf-16',
] as const;

export type CanaryForm = (typeof canaryForms)[number];

// Shorter sequences turn up by chance in random cookies and ids.
const shortestNeedle = 5;

/**
 * Every spelling of `value` that the search knows. Throws for values under 5 bytes: they would be found by chance,
 * and a search that cries wolf proves nothing.
 */
export function buildNeedles(value: string): Needle[] {
  if (Buffer.byteLength(value) < shortestNeedle) throw new RangeError('a canary needs at least 5 bytes');
  const lower = value.toLowerCase();
  const spellings = value === lower ? [value] : [value, lower];
  return withoutTwins([
    folded('plain', value),
    folded('lower-cased', lower),
    folded('url-encoded', encodeURIComponent(value)),
    folded('form-encoded', new URLSearchParams({ v: value }).toString().slice(2)),
    folded('json-escaped', jsonEscaped(value)),
    folded('json-escaped', jsonEscaped(value).replaceAll('/', '\\/')),
    folded('hex', Buffer.from(value).toString('hex')),
    folded('hex', Buffer.from(lower).toString('hex')),
    folded('utf-16', Buffer.from(value, 'utf16le').toString('latin1')),
    ...spellings.flatMap(base64Needles),
  ]).filter((needle) => needle.bytes.length >= shortestNeedle);
}

// Many spellings of plain ASCII are the same; the first form that says it is enough.
function withoutTwins(needles: readonly Needle[]): Needle[] {
  const key = ({ bytes, foldCase }: Needle) => `${foldCase} ${bytes.toString('latin1')}`;
  return [...new Map([...needles].reverse().map((needle) => [key(needle), needle])).values()].reverse();
}

/** Folds A–Z to a–z and leaves every other byte alone, so that it works on text and binary files alike. */
export function foldAscii(bytes: Buffer): Buffer {
  const folded = Buffer.from(bytes);
  for (let index = 0; index < folded.length; index += 1) {
    const byte = folded[index] as number;
    if (byte >= 0x41 && byte <= 0x5a) folded[index] = byte + 0x20;
  }
  return folded;
}

function folded(form: CanaryForm, spelling: string): Needle {
  const bytes = form === 'utf-16' ? Buffer.from(spelling, 'latin1') : Buffer.from(spelling);
  return { form, bytes: foldAscii(bytes), foldCase: true };
}

// Every character beyond ASCII as \uXXXX: the other form that JSON writers choose is `plain` already.
function jsonEscaped(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * A value in the midst of base64 text starts at one of three places of a group. For each, the characters that
 * depend on the value alone are kept; those that mix with its neighbours are cut off.
 */
function base64Needles(value: string): Needle[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor(((shift + bytes.length) * 8) / 6);
    const core = text.slice(from, to);
    const urlSafe = core.replaceAll('+', '-').replaceAll('/', '_');
    const needle = (form: CanaryForm, spelling: string) => ({
      form,
      bytes: Buffer.from(spelling),
      foldCase: false,
    });
    return core === urlSafe
      ? [needle('base64', core)]
      : [needle('base64', core), needle('base64url', urlSafe)];
  });
}
