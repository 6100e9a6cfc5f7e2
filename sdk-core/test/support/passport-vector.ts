import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PassportRefusal } from '../../src/passport/refusal.ts';

/** One file of `docs/contract/vectors/passports`; described in the README there. */
export interface PassportVector {
  readonly name: string;
  readonly jwt: string;
  readonly keys: unknown;
  readonly expected: {
    readonly issuer: string;
    readonly site: string;
    readonly now: number;
    readonly tolerance_seconds: number;
    readonly nonce: string;
    readonly max_age_seconds?: number;
    readonly access_token?: string;
    readonly status?: {
      readonly lists: readonly string[];
      readonly max_age_seconds?: number;
      readonly allow_stale?: boolean;
    };
  };
  readonly verdict: 'accepted' | 'refused';
  readonly reason?: PassportRefusal;
}

export const vectorFolder = fileURLToPath(
  new URL('../../../docs/contract/vectors/passports/', import.meta.url),
);

export function readPassportVectors(): PassportVector[] {
  const files = readdirSync(vectorFolder).filter((file) => file.endsWith('.json'));
  return files.map((file) => JSON.parse(readFileSync(vectorFolder + file, 'utf8')));
}
