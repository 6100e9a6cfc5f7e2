import { createHash } from 'node:crypto';
import type { PurposeText } from '../../wall/region-cell.ts';

export interface LocalText {
  /** BCP 47 language that the text is in; English steps in for languages that the site did not write. */
  readonly locale: string;
  readonly title: string;
  readonly description: string;
  readonly recipients?: string;
}

export function localText(texts: PurposeText['texts'], locale: string): LocalText {
  const chosen = texts[locale] ? locale : 'en';
  const text = texts[chosen];
  return {
    locale: chosen,
    title: text?.title ?? '',
    description: text?.description ?? '',
    ...(text?.recipients ? { recipients: text.recipients } : {}),
  };
}

/** What exactly was agreed to: SHA-256 over the shown words, in a fixed order, as JSON. */
export function textHash({ locale, title, description, recipients }: LocalText): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([locale, title, description, recipients ?? null]), 'utf8')
    .digest();
}
