import { randomBytes } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * Random lower-case base32 (RFC 4648 §6, no padding). Survives columns that compare without case.
 * @param characters 5 random bits each; 26 characters carry 130 bits.
 */
export function randomBase32(characters: number): string {
  let text = '';
  for (const byte of randomBytes(characters)) text += ALPHABET[byte & 31];
  return text;
}

/** The pseudonym of one person at one site. Random and stored, never derived: erasure can remove it. */
export function newUserRef(): string {
  return `ppid_${randomBase32(26)}`;
}

export const USER_REF_PATTERN = /^ppid_[a-z2-7]{26}$/;
