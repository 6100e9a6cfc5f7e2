import { inflateWithin } from './decode/inflate.ts';
import { decodeQuotedPrintable } from './decode/quoted-printable.ts';
import { decodeBase64Runs, decodeHexRuns } from './decode/runs.ts';
import { isInSerializedString } from './decode/serialized.ts';
import { decodeSingleByte } from './decode/single-byte.ts';
import { unescapeBytes } from './decode/unescape.ts';
import { type Decoded, originOf, type View } from './decode/view.ts';
import type { Matcher } from './match/matcher.ts';

/** Something that was found, by where it stands; the value itself is nowhere in it. */
export interface Sighting {
  readonly kind: string;
  /** Offset in the block of the first byte, and of the byte that the last letter begins with. */
  readonly start: number;
  readonly last: number;
  /** What had to be undone to see it, the outermost first; empty for plain text. */
  readonly forms: readonly string[];
}

const SERIALIZED = 'serialized-php';
/** As a JSON text in base64 in a JSON text in a database dump. */
const DEEPEST = 4;

interface SearchOptions {
  readonly matcher: Matcher;
  readonly fewestBytes: number;
  /** Default false: values stand side by side with nothing between them. */
  readonly isPacked?: boolean;
  /** The text in this charset is searched too. */
  readonly charset?: string | undefined;
}

/** Everything that the matcher finds in a block as it is, and in all that it may be decoded to. */
export function searchBlock(
  bytes: Uint8Array,
  { matcher, fewestBytes, isPacked = false, charset }: SearchOptions,
): Sighting[] {
  const sightings = new Map<string, Sighting>();
  const whole: View = { bytes };
  let views = [whole];
  if (charset) views.push(viewOf(whole, decodeSingleByte(bytes, charset)));
  // Layer by layer: what can be seen in two ways is told the shorter way.
  for (let depth = 0; depth <= DEEPEST && views.length > 0; depth += 1) {
    for (const view of views) {
      for (const match of matcher.find(view.bytes, { isPacked: isPacked || isUnpacked(view) })) {
        const origin = originOf(view, match);
        const key = `${origin.start} ${match.kind}`;
        if (sightings.has(key)) continue;
        const isSerialized = isInSerializedString(view.bytes, match.start);
        const forms = isSerialized ? [...origin.forms, SERIALIZED] : origin.forms;
        sightings.set(key, { kind: match.kind, ...origin, forms });
      }
    }
    views = depth === DEEPEST ? [] : views.flatMap((view) => inside(view, fewestBytes));
  }
  return apart([...sightings.values()]);
}

/** By place, and of those of one kind that overlap only the first: a number with and without its country is one. */
function apart(sightings: Sighting[]): Sighting[] {
  const lastOf = new Map<string, number>();
  return sightings
    .sort((a, b) => a.start - b.start || b.last - a.last)
    .filter(({ kind, start, last }) => {
      const isNew = start > (lastOf.get(kind) ?? -1);
      if (isNew) lastOf.set(kind, last);
      return isNew;
    })
    .sort((a, b) => a.last - b.last);
}

/** Whether the bytes were base64 or hexadecimal, in whichever layer. */
function isUnpacked(view: View): boolean {
  const { from } = view;
  return from !== undefined && (from.decoded.isUnpacked || isUnpacked(from.view));
}

function inside(view: View, fewestBytes: number): View[] {
  const all = [
    ...[unescapeBytes, decodeQuotedPrintable, inflateWithin]
      .map((decode) => decode(view.bytes))
      .filter((one) => one !== undefined),
    ...decodeBase64Runs(view, { fewestBytes }),
    ...decodeHexRuns(view, { fewestBytes }),
  ];
  return all.map((decoded) => viewOf(view, decoded));
}

function viewOf(view: View, decoded: Decoded): View {
  return { bytes: decoded.bytes, from: { view, decoded } };
}
