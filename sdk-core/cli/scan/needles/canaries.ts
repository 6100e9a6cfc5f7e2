import { UsageError } from '../../usage-error.ts';
import { type Fingerprint, fingerprint, type ScanKey } from './fingerprint.ts';
import { formsOfValue } from './value-forms.ts';

/** Values that a test planted, and what each is called in the report. */
export interface Canary {
  readonly kind: string;
  readonly value: string;
}

/**
 * Canaries from a file: a value a line, named by its line; or JSON, an array of values or an object of values
 * (or arrays) by what they are.
 * @throws UsageError
 */
export function readCanaries(text: string): Canary[] {
  const trimmed = text.trim();
  const canaries = /^[[{]/.test(trimmed) ? fromJson(trimmed) : fromLines(text);
  if (canaries.length === 0) throw new UsageError('There is no canary in what was given as canaries.');
  return canaries;
}

function fromLines(text: string): Canary[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ kind: `canary ${index + 1}`, value: line.trim() }))
    .filter(({ value }) => value !== '' && !value.startsWith('#'));
}

function fromJson(text: string): Canary[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError('The canaries begin like JSON and are none.');
  }
  const entries = Array.isArray(parsed)
    ? parsed.map((value, index) => [`canary ${index + 1}`, value] as const)
    : Object.entries(parsed as object);
  return entries.flatMap(([kind, given]) =>
    [given].flat().map((value) => {
      if (typeof value === 'string' && value.trim() !== '') return { kind, value };
      throw new UsageError(`The canary «${kind}» is no text.`);
    }),
  );
}

/** @returns the fingerprints, and the kinds of what is too short to be told from chance */
export function fingerprintCanaries(key: ScanKey, canaries: readonly Canary[]) {
  const fingerprints = new Map<string, Fingerprint>();
  const tooShort: string[] = [];
  for (const { kind, value } of canaries) {
    const made = formsOfValue(value).map((folded) => fingerprint(key, { kind, folded }));
    if (made.every((one) => one === undefined)) tooShort.push(kind);
    for (const one of made) if (one) fingerprints.set(`${one.mac}`, one);
  }
  return { fingerprints: [...fingerprints.values()], tooShort };
}
