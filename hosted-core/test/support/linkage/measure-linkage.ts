import { randomInt } from 'node:crypto';
import { type Attack, attacksOn, type Scores } from './attacks.ts';
import type { Dossier } from './dossier.ts';

export interface Finding {
  readonly attack: string;
  /** People that the attack found in both files. Guessing finds one, however many there are. */
  readonly hits: number;
  /** How likely guessing does as well. */
  readonly p: number;
}

export interface Linkage {
  readonly people: number;
  readonly attacks: number;
  /** Attacks that do better than guessing can explain, best first. */
  readonly findings: readonly Finding[];
  /** The share of people that the best of them finds, less that of guessing; 0 without any. */
  readonly linkageOverChance: number;
}

/** Over all attacks together, once in a thousand runs guessing is taken for an attack that works. */
const FALSE_ALARMS = 0.001;

/**
 * Lets every attack guess who is who. Person `i` of the first site is person `i` of the second; the attacks
 * are told nothing of that, and ties are broken by lot.
 */
export function measureLinkage(first: readonly Dossier[], second: readonly Dossier[]): Linkage {
  const people = first.length;
  const order = shuffled(people);
  const attacks = attacksOn([first, order.map((person) => second[person] as Dossier)]);
  const findings = attacks
    .map((attack) => judge(attack, order))
    .filter(({ p }) => p * attacks.length < FALSE_ALARMS)
    .sort((a, b) => b.hits - a.hits);
  const best = findings[0];
  const linkageOverChance = best ? (best.hits - 1) / people : 0;
  return { people, attacks: attacks.length, findings, linkageOverChance };
}

export function shuffled(count: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [order[index], order[other]] = [order[other] as number, order[index] as number];
  }
  return order;
}

function judge({ name, scores }: Attack, order: readonly number[]): Finding {
  const hits = scores.filter((row, person) => order[bestOf(row)] === person).length;
  return { attack: name, hits, p: atLeast(hits, scores) };
}

function bestOf(row: readonly number[]): number {
  const best = Math.max(...row);
  const candidates = row.flatMap((score, index) => (score === best ? [index] : []));
  return candidates[randomInt(candidates.length)] as number;
}

/** P(X ≥ hits) for X of the binomial distribution with n tries of 1/n. */
function atLeast(hits: number, { length: n }: Scores): number {
  let below = 0;
  let term = (1 - 1 / n) ** n;
  for (let k = 0; k < hits; k += 1) {
    below += term;
    term *= ((n - k) / (k + 1)) * (1 / n / (1 - 1 / n));
  }
  // The sum loses the last digits; what is left of it then is no chance anyway.
  return Math.max(0, 1 - below);
}
