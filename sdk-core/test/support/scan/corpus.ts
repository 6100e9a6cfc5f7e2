import { ENCODINGS, lineBytes } from './encodings.ts';
import type { Random } from './random.ts';
import { madeUpValue } from './values.ts';

/** A value that was written somewhere. */
export interface Planted {
  /** From 1. */
  readonly line: number;
  readonly kind: string;
  readonly encoding: string;
}

const WORDS =
  'the order was sent with care from a warehouse near river and customers wrote reviews about quality of paper tea lanterns kettle delivery address name email phone street user session cookie token value'.split(
    ' ',
  );

/** Lines of what lies in dumps and logs, without any of the values that are looked for. */
const NOISE: readonly ((random: Random) => string)[] = [
  (random) => Array.from({ length: 14 }, () => random.pick(WORDS)).join(' '),
  (random) =>
    `10.0.${random.below(256)}.${random.below(256)} - "GET /${random.pick(WORDS)}?id=${random.digits(9)}&t=%20a" 200`,
  (random) =>
    `INSERT INTO \`wp_postmeta\` VALUES (${random.digits(6)},${random.digits(4)},'_${random.pick(WORDS)}','${random.letters(12)}');`,
  (random) => random.bytes(57).toString('base64'),
  (random) => random.bytes(40).toString('hex'),
  (random) => random.bytes(90).toString('latin1'),
  (random) =>
    `{"at":${random.digits(13)},"text":"${random.letters(9)} \\u00e9${random.letters(3)}","v":${random.next()}}`,
  // Somebody else's data, of the same making: near, and not what is looked for.
  (random) => `contact: ${madeUpValue(random)}; tel ${random.digits(12)}`,
];

/** What is almost one of the values: cut off, longer, or with a letter in its middle that is another one. */
function nearMiss(value: string, random: Random): string {
  const letters = [...value];
  // Numbers are also dialled without their country, so that one with more in front may be one.
  if (random.next() < 0.3) return `${value}${/\d$/.test(value) ? '7' : 'w'}`;
  if (random.next() < 0.5) return letters.slice(0, Math.ceil(letters.length * 0.7)).join('');
  const middle = Math.floor(letters.length / 2);
  const at = letters.findIndex((letter, index) => index >= middle && /[\p{L}\p{N}]/u.test(letter));
  const other = /\d/.test(letters[at] as string)
    ? String((Number(letters[at]) + 1) % 10)
    : letters[at] === 'w'
      ? 'q'
      : 'w';
  return [...letters.slice(0, at), other, ...letters.slice(at + 1)].join('');
}

export interface CorpusOptions {
  readonly random: Random;
  readonly values: readonly { kind: string; value: string }[];
  readonly lines: number;
  /** Share of lines with a value in them. */
  readonly plantedShare: number;
}

/** Gives the lines one after another, and writes down what it planted. */
export function* corpus(options: CorpusOptions, planted: Planted[]): Generator<Buffer> {
  const { random, values, lines, plantedShare } = options;
  const names = Object.keys(ENCODINGS);
  for (let line = 1; line <= lines; line += 1) {
    if (random.next() < plantedShare) {
      const { kind, value } = random.pick(values);
      const encoding = random.pick(names);
      planted.push({ line, kind, encoding });
      yield Buffer.concat([
        lineBytes((ENCODINGS[encoding] as (v: string, r: Random) => string)(value, random)),
        NEWLINE,
      ]);
    } else if (random.next() < 0.05) {
      yield Buffer.concat([lineBytes(`note: ${nearMiss(random.pick(values).value, random)}`), NEWLINE]);
    } else {
      yield Buffer.concat([lineBytes(random.pick(NOISE)(random)), NEWLINE]);
    }
  }
}

const NEWLINE = Buffer.from('\n');
