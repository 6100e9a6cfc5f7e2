/** A JSON Schema (2020-12, as OpenAPI 3.1 has it). */
export type Schema = Readonly<Record<string, unknown>>;

/** An object with these members and no others. */
export function object(
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

export function text(description: string, limits: Schema = {}): Schema {
  return { type: 'string', description, maxLength: 2048, ...limits };
}

export function list(items: Schema, maxItems: number): Schema {
  return { type: 'array', items, maxItems };
}

const seconds = (description: string): Schema => ({ type: 'integer', description });

export const attributeNames = list(
  text('Name of an attribute, such as address:shipping.', { maxLength: 65 }),
  32,
);
export const purpose = text('Id of a purpose that is registered for this site.', { maxLength: 63 });
export const previewOrigin = text(
  'Where this PHP is a preview of the site: its origin, which takes the place of the site’s own.',
  { maxLength: 320 },
);
export const userRef = text('This site’s own name for the person.', { pattern: '^ppid_[a-z2-7]{26}$' });
export const time = text('RFC 3339 in UTC.', { format: 'date-time', maxLength: 35 });
export const orderRef = text('Your own reference of the order.', { pattern: '^[A-Za-z0-9._:/-]{1,128}$' });
export const sealed = text('An envelope as it was given.', { maxLength: 98_304 });

export const sessionHandle = text(
  'The sealed session. Keep it in PHP’s session storage, never in a browser.',
  { pattern: '^[A-Za-z0-9_.-]{1,4000}$', maxLength: 4000 },
);

/** Only the names that Userref gave; others are not passed on. */
export const browserCookies: Schema = {
  type: 'object',
  description: 'Cookies of the browser whose names Userref gave.',
  maxProperties: 16,
  propertyNames: { pattern: '^[A-Za-z0-9_.-]{1,180}$' },
  additionalProperties: { type: 'string', pattern: '^[A-Za-z0-9_.-]{0,4000}$' },
};

export const setCookies = list(
  object({
    name: text('Name.'),
    value: text('Value; empty when the cookie is removed.', { maxLength: 4096 }),
    max_age: seconds('Seconds; 0 removes the cookie.'),
    secure: { type: 'boolean', description: 'Host-only, Path=/, HttpOnly, SameSite=Lax in any case.' },
  }),
  16,
);

export const session = object({
  user_ref: userRef,
  sid: text('The session at the core; session.revoked names it.', { maxLength: 128 }),
  consents: attributeNames,
  assurance_level: { type: 'string', enum: ['low', 'substantial', 'high'] },
  auth_time: seconds('Unix seconds: when the person last signed in.'),
  issued_at: seconds('Unix seconds, by the core’s clock.'),
  expires_at: seconds('Unix seconds.'),
  asked_purposes: {
    type: 'object',
    description: 'Purposes that the visitor was asked about, and when (Unix seconds).',
    additionalProperties: { type: 'integer' },
  },
});

export const attributeValues: Schema = {
  type: 'object',
  description: 'Values by name; null for what is shared and not there. Personal data: use, do not store.',
};

export const event = object({
  id: text('webhook-id.', { maxLength: 128 }),
  type: text('Type of event, or unknown.', { maxLength: 64 }),
  timestamp: time,
  data: { type: 'object', description: 'As the contract says for the type.' },
});
