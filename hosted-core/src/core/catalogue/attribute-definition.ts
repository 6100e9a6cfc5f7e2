import { z } from 'zod';
import { ATTRIBUTE_NAMES } from '../../contract/generated.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { SPECIAL_BASES } from '../../vocabulary/dpv-terms.ts';
import type { AttributeEntry } from '../../wall/catalogue.ts';
import { namesSpecialCategory } from './special-categories.ts';

/** An attribute as an operator writes it down. */
export interface AttributeDraft extends AttributeEntry {
  readonly special_category: boolean;
  /** For special categories: the point of GDPR Article 9 (2), such as `eu-gdpr:A9-2-a`. */
  readonly legal_basis?: string;
}

const NAME = /^[a-z][a-z0-9_]{0,39}:[a-z][a-z0-9_]{0,39}$/;
const MAX_SCHEMA_BYTES = 8 * 1024;
const countries = z
  .array(z.string().regex(/^[A-Z]{2}$/))
  .min(1)
  .max(250);
const locale = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);

const derivation = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('age_at_least'), from: z.string(), years: z.int().min(1).max(150) }),
  z.strictObject({ rule: z.literal('country'), from: z.string() }),
  z.strictObject({ rule: z.literal('country_one_of'), from: z.string(), countries }),
]);

const draft = z.strictObject({
  name: z.string().regex(NAME),
  class: z
    .string()
    .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
    .max(40),
  predicate: z.boolean().default(false),
  derived: derivation.optional(),
  mask: z.enum(['none', 'initials', 'year', 'email', 'last_digits', 'locality', 'hidden']).default('hidden'),
  schema: z.looseObject({ type: z.enum(['string', 'boolean', 'integer', 'number', 'object']) }),
  labels: z.record(locale, z.string().trim().min(2).max(80)),
  special_category: z.boolean().default(false),
  legal_basis: z.string().optional(),
});

/** Where a rule may take its value from. */
const SOURCES = {
  age_at_least: ['profile:birthdate'],
  country: ['address:shipping', 'address:billing'],
  country_one_of: ['address:shipping', 'address:billing'],
} as const;

/**
 * Reads a definition, strictly: unknown members are refused.
 * @throws UserrefError `invalid_request` that names the part, `conflict` for a name of the default catalogue,
 *   `special_category_refused`
 */
export function readAttributeDraft(input: unknown, schemaVersion: number): AttributeDraft {
  const parsed = draft.safeParse(input);
  if (!parsed.success)
    throw wrong(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const { derived, legal_basis, ...given } = parsed.data;
  if ((ATTRIBUTE_NAMES as readonly string[]).includes(given.name))
    throw new UserrefError('conflict', { detail: `${given.name} is in the default catalogue.` });
  if (!given.labels.en) throw wrong('labels: English is missing');
  checkDerivation(given, derived);
  checkSchema(given.schema);
  checkCategory({ ...given, legal_basis });
  return {
    ...given,
    schema_version: schemaVersion,
    ...(derived && { derived }),
    ...(legal_basis && { legal_basis }),
  };
}

function checkDerivation(
  { predicate, schema }: { predicate: boolean; schema: { type: string } },
  derived: z.infer<typeof derivation> | undefined,
): void {
  if (predicate && !derived) throw wrong('a predicate says with `derived` what it is worked out from');
  if (!derived) return;
  if (!(SOURCES[derived.rule] as readonly string[]).includes(derived.from))
    throw wrong(`derived.from: the rule ${derived.rule} takes ${SOURCES[derived.rule].join(' or ')}`);
  const yesOrNo = derived.rule !== 'country';
  if (yesOrNo !== predicate || yesOrNo !== (schema.type === 'boolean'))
    throw wrong('a rule that answers yes or no makes a predicate of type boolean, and only such a rule does');
}

/** The same reading that the vault will give it. */
function checkSchema(schema: object): void {
  if (JSON.stringify(schema).length > MAX_SCHEMA_BYTES) throw wrong('schema: larger than 8 KiB');
  try {
    z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse('');
  } catch {
    throw wrong('schema: is no JSON Schema that can be checked here');
  }
}

/** GDPR Article 9: refused unless the operator names what allows it. */
function checkCategory(given: {
  name: string;
  class: string;
  labels: Record<string, string>;
  special_category: boolean;
  legal_basis: string | undefined;
}): void {
  const special =
    given.special_category || namesSpecialCategory([given.name, given.class, given.labels.en ?? '']);
  if (!special) return;
  const basis = (SPECIAL_BASES as readonly string[]).includes(given.legal_basis ?? '');
  if (!given.special_category || !basis) throw new UserrefError('special_category_refused');
}

function wrong(detail: string): UserrefError {
  return new UserrefError('invalid_request', { detail: `The attribute is not right. ${detail}.` });
}
