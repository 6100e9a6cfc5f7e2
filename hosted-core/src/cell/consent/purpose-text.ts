import { createHash } from 'node:crypto';
import type { ConsentAsk, PurposeText } from '../../wall/region-cell.ts';

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

/** What fits on one page, whatever the core lets pass; in characters. */
const LIMITS = { title: 300, description: 4_000, recipients: 1_000 } as const;
const MAX_ATTRIBUTES = 32;

/** Whether a question can be shown as it is. A text that is cut short would not be what was agreed to. */
export function isReadable({ attributes, purpose, authorizationDetails = [] }: ConsentAsk): boolean {
  const short = Object.values(purpose.texts).every((text) =>
    (['title', 'description', 'recipients'] as const).every(
      (part) => (text[part]?.length ?? 0) <= LIMITS[part],
    ),
  );
  const few = attributes.length > 0 && attributes.length <= MAX_ATTRIBUTES;
  return short && few && JSON.stringify(authorizationDetails).length <= 8_192;
}
