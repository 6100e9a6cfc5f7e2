import { derive } from '../attributes/derived-attributes.ts';
import type { OpenedAttribute } from '../vault/stored-attributes.ts';
import {
  attributeLabel,
  catalogueOrder,
  type Definitions,
  derivationOf,
  maskDirection,
  maskValue,
  STANDARD,
  showValue,
  valueDirection,
} from './masking.ts';
import type { Translator } from './messages/translator.ts';

export interface OwnDataRow {
  readonly attribute: string;
  readonly label: string;
  readonly masked: string;
  readonly maskedDirection: 'ltr' | 'auto';
  readonly value: string;
  readonly direction: 'ltr' | 'auto';
}

/** The person's own values as rows of a page. */
export function ownDataRows(
  own: readonly OpenedAttribute[],
  t: Translator,
  definitions: Definitions = STANDARD,
): OwnDataRow[] {
  const sorted = own.toSorted((left, right) => catalogueOrder(left.attribute, right.attribute));
  return sorted.map(({ attribute, value }) => ({
    attribute,
    label: attributeLabel(attribute, t.locale, definitions),
    masked: maskValue(attribute, value, t, definitions),
    maskedDirection: maskDirection(attribute, definitions),
    value: showValue(attribute, value, t),
    direction: valueDirection(attribute),
  }));
}

/** A masked preview of what the site would get; `undefined` when there is nothing to give. */
export function previewOf(
  attribute: string,
  own: readonly OpenedAttribute[],
  { t, now, definitions = STANDARD }: { t: Translator; now: Date; definitions?: Definitions },
): string | undefined {
  const rule = derivationOf(attribute, definitions);
  const source = own.find((one) => one.attribute === (rule?.from ?? attribute));
  if (!source) return undefined;
  return maskValue(attribute, rule ? derive(rule, source.value, now) : source.value, t, definitions);
}

/** How the page calls the person, masked: by name, else by e-mail address. */
export function maskedName(own: readonly OpenedAttribute[], t: Translator): string {
  const source = ['profile:name', 'profile:given_name', 'contact:email']
    .map((attribute) => own.find((one) => one.attribute === attribute))
    .find((one) => one !== undefined);
  return source ? maskValue(source.attribute, source.value, t) : t.text('who.unnamed');
}
