/**
 * What visitors read on pages about errors, a language each. `@userref/sdk-express` and `@userref/sdk-next` speak all
 * of them by themselves; for fewer, and for `createAdapter`, which speaks English alone to stay small, name them:
 * `languages: [de, fr]`. The first is spoken to visitors who ask for none of them.
 *
 * @module @userref/sdk-core/languages
 */

import { ar } from '../generated/languages/ar.ts';
import { de } from '../generated/languages/de.ts';
import { en } from '../generated/languages/en.ts';
import { es } from '../generated/languages/es.ts';
import { fr } from '../generated/languages/fr.ts';
import { he } from '../generated/languages/he.ts';
import { ru } from '../generated/languages/ru.ts';
import type { VisitorLanguage } from '../generated/visitor-texts.ts';

export type { VisitorGroup, VisitorLanguage } from '../generated/visitor-texts.ts';
export { ar, de, en, es, fr, he, ru };

/** All of them, English first. */
export const LANGUAGES: readonly VisitorLanguage[] = [en, ru, de, fr, es, ar, he];
