import type { ClaimEntry, EventEntry, EventMember, Registries } from './registries.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const COMMENT = 'Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.';

const userRef = { type: 'string', pattern: '^ppid_[a-z2-7]{26}$' };
const attributeNames = {
  type: 'array',
  minItems: 1,
  uniqueItems: true,
  items: { type: 'string', pattern: '^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$' },
};

/** JSON Schemas of what goes over the wire, by file name. Receivers must allow members that they do not know. */
export function wireSchemas(registries: Registries): Record<string, string> {
  return {
    'webhook-event.schema.json': toText(webhookEventSchema(registries.events)),
    'problem.schema.json': toText(problemSchema(registries)),
    'passport.schema.json': toText(passportSchema(registries.claims)),
  };
}

function webhookEventSchema(events: readonly EventEntry[]): object {
  return {
    ...head('webhook-event', 'Body of a webhook.'),
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { enum: events.map((event) => event.type) },
      timestamp: { type: 'string', format: 'date-time', pattern: 'Z$' },
      data: { type: 'object' },
    },
    oneOf: events.map((event) => ({
      properties: {
        type: { const: event.type },
        data: {
          required: Object.keys(event.data),
          properties: mapValues(event.data, memberSchema),
        },
      },
    })),
  };
}

function memberSchema(member: EventMember): object {
  switch (member.type) {
    case 'user_ref':
      return userRef;
    case 'consent_id':
      return { type: 'string', pattern: '^con_[a-z2-7]{26}$' };
    case 'attributes':
      return attributeNames;
    default:
      return { type: 'string', minLength: 1 };
  }
}

function problemSchema(registries: Registries): object {
  const onTheWire = registries.errors.filter((entry) => entry.status !== undefined);
  return {
    ...head('problem', 'Error of the core or the cell (RFC 9457).'),
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code', 'request_id', 'retryable'],
    properties: {
      type: { type: 'string', format: 'uri-reference' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { enum: onTheWire.map((entry) => entry.code) },
      request_id: { type: 'string', minLength: 1 },
      retryable: { type: 'boolean' },
      attributes: attributeNames,
    },
    oneOf: onTheWire.map((entry) => ({
      properties: {
        code: { const: entry.code },
        status: { const: entry.status },
        retryable: { const: entry.retryable },
      },
    })),
  };
}

function passportSchema(claims: readonly ClaimEntry[]): object {
  return {
    ...head(
      'passport',
      'Claims of a passport (ID token). Equalities between claims are the verifier’s work.',
    ),
    type: 'object',
    required: claims.filter((claim) => claim.presence === 'always').map((claim) => claim.name),
    properties: Object.fromEntries(claims.map((claim) => [claim.name, claimSchema(claim)])),
  };
}

function claimSchema(claim: ClaimEntry): object {
  if (claim.name === 'sub' || claim.name === 'user_ref') return userRef;
  if (claim.name === 'passport') return passportBody;
  switch (claim.type) {
    case 'unix_seconds':
      return { type: 'integer', minimum: 0 };
    case 'string_array':
      return { type: 'array', items: { type: 'string' } };
    case 'object':
      return { type: 'object' };
    default:
      return { type: 'string', minLength: 1 };
  }
}

const passportBody = {
  type: 'object',
  required: ['v', 'consents', 'assurance_level'],
  properties: {
    v: { const: 1 },
    consents: { ...attributeNames, minItems: 0 },
    assurance_level: { enum: ['low', 'substantial', 'high'] },
  },
};

function head(name: string, description: string): object {
  return { $schema: DRAFT, $id: `urn:userref:schema:${name}`, $comment: COMMENT, description };
}

function mapValues<Item>(record: Record<string, Item>, map: (item: Item) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(record).map(([name, item]) => [name, map(item)]));
}

function toText(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
