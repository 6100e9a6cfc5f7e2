import type { Random } from './random.ts';

/** Syllables that no language's names are made of, so that the values are nobody's. */
const SYLLABLES = ['zor', 'quim', 'vel', 'trax', 'bu', 'neth', 'ok', 'priv', 'sala', 'dwen', 'ixo', 'marg'];
const FOREIGN = [
  'Żór',
  'Ñuqím',
  'Œvel',
  'Tråx',
  'Søn',
  'Ğith',
  'Đok',
  'Müßr',
  'Привел',
  'Трахин',
  'Ναθόκ',
  'קוםזל',
];
const STREETS = ['Lane', 'Straße', 'rue', 'Calle', 'проспект'];

type Maker = (random: Random) => string;

const MAKERS: readonly Maker[] = [
  (random) => `${word(random)} ${word(random)}${random.letters(4)}`,
  (random) => `${foreign(random)} ${foreign(random)}${random.letters(4)}`,
  (random) =>
    `${word(random).toLowerCase()}.${random.letters(5)}${random.digits(2)}@${random.letters(7)}.example`,
  (random) => `+4${random.pick(['1', '9', '4'])}${random.below(9) + 1}${random.digits(9)}`,
  (random) => `${random.below(9000) + 100} ${word(random)}${random.letters(5)} ${random.pick(STREETS)}`,
  (random) =>
    `${word(random)}'${word(random)}, "${word(random)}" & ${random.pick(STREETS)} ${random.digits(5)}`,
];

/** A made-up name, address or number; each as odd as such values are. */
export function madeUpValue(random: Random): string {
  return random.pick(MAKERS)(random);
}

function word(random: Random): string {
  const text = Array.from({ length: 3 }, () => random.pick(SYLLABLES)).join('');
  return text[0]?.toUpperCase() + text.slice(1);
}

function foreign(random: Random): string {
  return random.pick(FOREIGN) + random.pick(FOREIGN).toLowerCase();
}
