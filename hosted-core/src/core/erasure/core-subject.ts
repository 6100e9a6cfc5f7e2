import type { SubjectKey } from '../../erasure/erasure-participant.ts';

/** A person as the core erases them: their pseudonyms lead to what is kept under those alone. */
export interface CoreSubject extends SubjectKey {
  readonly userRefs: readonly string[];
}
