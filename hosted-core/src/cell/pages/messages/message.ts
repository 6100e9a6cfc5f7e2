/** A sentence, or one sentence a plural category (CLDR) for messages with `{count}`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
