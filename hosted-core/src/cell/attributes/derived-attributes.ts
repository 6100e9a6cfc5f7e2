import type { DerivationRule } from '../vault/attribute-catalogue.ts';

/**
 * Works out an attribute that is never stored from the one that is: `age:over_18` from the date of birth.
 * `null` when the stored one is absent.
 */
export function derive(rule: DerivationRule, stored: unknown, now: Date): unknown {
  if (stored === undefined) return null;
  if (rule.rule === 'country') return countryOf(stored);
  if (rule.rule === 'country_one_of') return (rule.countries ?? []).includes(countryOf(stored));
  return hasAge(stored as string, rule.years ?? 0, now);
}

function countryOf(address: unknown): string {
  return (address as { country: string }).country;
}

/** Calendar days in UTC. Somebody born on 29 February is a year older on 1 March of a common year. */
function hasAge(birthdate: string, years: number, now: Date): boolean {
  const year = String(Number(birthdate.slice(0, 4)) + years).padStart(4, '0');
  return `${year}${birthdate.slice(4)}` <= now.toISOString().slice(0, 10);
}
