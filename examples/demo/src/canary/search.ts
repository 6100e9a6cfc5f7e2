import { buildNeedles, type CanaryForm, type Needle } from './needles.ts';
import { type CanaryPlace, readPlace } from './places.ts';
import { createPositiveControl, withPlanted } from './positive-control.ts';
import { scanStream } from './scan.ts';

export type { CanaryForm } from './needles.ts';
export type { CanaryPlace } from './places.ts';

export interface CanarySearchOptions {
  /** Values that must be nowhere, each at least 5 bytes. They are never printed; the report names their index. */
  readonly canaries: readonly string[];
  readonly places: readonly CanaryPlace[];
}

export interface CanaryReport {
  readonly places: readonly SearchedPlace[];
  /** How many planted spellings of a made-up value were to be found, over all places. */
  readonly positiveControlPlanted: number;
  /** How many of them were found. Unless it equals `positiveControlPlanted`, the search proves nothing. */
  readonly positiveControlFound: number;
  readonly hits: readonly CanaryHit[];
  /** Every planted value was found and no canary was. */
  readonly clean: boolean;
}

export interface SearchedPlace {
  readonly name: string;
  readonly kind: CanaryPlace['kind'];
  readonly bytes: number;
}

export interface CanaryHit {
  /** Name of the place. */
  readonly place: string;
  readonly form: CanaryForm;
  /** Index in `canaries`. */
  readonly canaryIndex: number;
}

/**
 * Looks for personal data where none may be: plain, in any case, URL-encoded, form-encoded, in base64 at every
 * alignment, JSON-escaped, in hex and in UTF-16. First it plants a made-up value in a copy of every place and has
 * to find it in every spelling. Compressed and encrypted text is not opened.
 */
export async function searchForCanaries({ canaries, places }: CanarySearchOptions): Promise<CanaryReport> {
  const needles = new Map<Needle, number>(
    canaries.flatMap((value, index) => buildNeedles(value).map((needle) => [needle, index] as const)),
  );
  const control = await runPositiveControl(places);
  const searched: SearchedPlace[] = [];
  const hits: CanaryHit[] = [];
  for (const place of places) {
    const { found, bytes } = await scanPlace(place, [...needles.keys()]);
    searched.push({ name: place.name, kind: place.kind, bytes });
    for (const { form, canaryIndex } of distinct(found, needles))
      hits.push({ place: place.name, form, canaryIndex });
  }
  const controlHolds = control.planted > 0 && control.found === control.planted;
  return {
    places: searched,
    positiveControlPlanted: control.planted,
    positiveControlFound: control.found,
    hits,
    clean: controlHolds && hits.length === 0,
  };
}

async function runPositiveControl(
  places: readonly CanaryPlace[],
): Promise<{ planted: number; found: number }> {
  const { value, spellings } = createPositiveControl();
  const needles = buildNeedles(value);
  let found = 0;
  for (const place of places) {
    for (const { form, text } of spellings) {
      const scan = await withPlanted(place, text, (planted) => scanPlace(planted, needles));
      if ([...scan.found].some((needle) => needle.form === form)) found += 1;
    }
  }
  return { planted: places.length * spellings.length, found };
}

async function scanPlace(place: CanaryPlace, needles: readonly Needle[]) {
  const found = new Set<Needle>();
  let bytes = 0;
  for await (const stream of readPlace(place)) {
    const scan = await scanStream(stream, needles);
    bytes += scan.bytes;
    for (const needle of scan.found) found.add(needle);
  }
  return { found, bytes };
}

/** Two needles of one form (an alignment, a case) are one hit. */
function distinct(found: ReadonlySet<Needle>, owners: ReadonlyMap<Needle, number>) {
  const hits = [...found].map((needle) => ({ form: needle.form, canaryIndex: owners.get(needle) as number }));
  return hits.filter(
    (hit, index) =>
      hits.findIndex((other) => other.form === hit.form && other.canaryIndex === hit.canaryIndex) === index,
  );
}
