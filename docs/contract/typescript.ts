import { literal, memberName } from './literal.ts';
import type { EventEntry, EventMember, Registries, ValueSchema } from './registries.ts';

const HEAD = `// Generated from docs/contract by \`npm run contract\`. Do not edit: change the registry there.\n`;

/** The contract as the hosted core needs it: what it answers, sends and writes down. */
export function hostedCoreModule(registries: Registries): string {
  const errors = registries.errors.filter((entry) => entry.where.some((place) => place !== 'sdk'));
  const onTheWire = errors.map(({ status, ...rest }) => ({ ...rest, status: status ?? 500 }));
  return [
    HEAD,
    errorRecord(
      'Every error code that the core and the cell answer with.',
      onTheWire.map(({ code, status, title, detail, fix, retryable }) => [
        code,
        { status, title, detail, fix, retryable },
      ]),
    ),
    ...vocabulary(registries),
    constant(
      'AUDIT_ACTIONS',
      'Every action that an audit entry may name.',
      registries['audit-actions'].map((entry) => entry.action),
    ),
    `export type AuditAction = (typeof AUDIT_ACTIONS)[number];\n`,
    constant(
      'ATTRIBUTE_CATALOGUE',
      'The default catalogue of attributes; `class` parts the data keys.',
      registries.attributes.attributes,
    ),
    constant('ATTRIBUTE_CLASSES', 'The classes of attributes.', registries.attributes.classes),
    `export type AttributeClass = (typeof ATTRIBUTE_CLASSES)[number];\n`,
  ].join('\n');
}

/** The contract as the SDKs need it: what they may meet, and what they throw themselves. */
export function sdkModule(registries: Registries): string {
  return [
    HEAD,
    errorRecord(
      'Every error code: those of the wire and those that the SDK throws itself.',
      registries.errors.map(({ code, title, detail, fix, retryable, where }) => [
        code,
        { title, detail, fix, retryable, where },
      ]),
    ),
    ...vocabulary(registries),
    constant(
      'EVENT_MEMBERS',
      'The members of `data` that each event must have.',
      Object.fromEntries(registries.events.map((event) => [event.type, Object.keys(event.data)])),
    ),
  ].join('\n');
}

/** What the command line tells people of each claim. */
export function claimsModule(registries: Registries): string {
  return [
    HEAD,
    constant(
      'CLAIMS',
      'What each claim of a passport means, and of which type it is.',
      Object.fromEntries(registries.claims.map(({ name, type, meaning }) => [name, { type, meaning }])),
    ),
  ].join('\n');
}

/** What both sides say in the same words. */
function vocabulary(registries: Registries): string[] {
  const attributes = registries.attributes.attributes;
  return [
    constant(
      'EVENT_TYPES',
      'Every type of event that is sent as a webhook.',
      registries.events.map((event) => event.type),
    ),
    `/** The type of an event. */\nexport type EventType = (typeof EVENT_TYPES)[number];\n`,
    constant(
      'REVOCATION_REASONS',
      'Why a session or an access ended. More may be added: treat an unknown one as a plain end.',
      registries['revocation-reasons'].map((entry) => entry.reason),
    ),
    `/** Why a session or an access ended. */\nexport type RevocationReason = (typeof REVOCATION_REASONS)[number];\n`,
    eventInterfaces(registries.events),
    constant(
      'ATTRIBUTE_NAMES',
      'Names of the default catalogue; operators may add their own.',
      attributes.map((attribute) => attribute.name),
    ),
    `/** An attribute of the default catalogue. */\nexport type AttributeName = (typeof ATTRIBUTE_NAMES)[number];\n`,
    valueInterface(attributes),
    constant(
      'SCOPES',
      'Scopes besides the attribute scopes.',
      registries.scopes.filter((scope) => scope.presence === 'available').map((scope) => scope.name),
    ),
    `export type Scope = (typeof SCOPES)[number];\n`,
    passportInterface(registries),
  ];
}

function errorRecord(comment: string, entries: [string, unknown][]): string {
  return `${constant('ERRORS', comment, Object.fromEntries(entries))}
/** The code of an error; switch on it. Codes stay within a major version, and new ones may come. */
export type ErrorCode = keyof typeof ERRORS;
`;
}

function constant(name: string, comment: string, value: unknown): string {
  return `/** ${comment} */\nexport const ${name} = ${literal(value)} as const;\n`;
}

const memberTypes: Record<EventMember['type'], string> = {
  string: 'string',
  user_ref: 'string',
  consent_id: 'string',
  attributes: 'string[]',
  purpose: 'string',
  revocation_reason: 'RevocationReason',
};

function eventInterfaces(events: readonly EventEntry[]): string {
  const members = events.map(
    (event) =>
      `  /** ${event.summary} The site must: ${event.siteMust} */\n  ${memberName(event.type)}: ${eventData(event)};\n`,
  );
  return `/** \`data\` of each type of event. */
export interface EventData {
${members.join('')}}

/** The body of a webhook. \`timestamp\` is RFC 3339 in UTC. */
export type WebhookEvent = {
  [Type in EventType]: { type: Type; timestamp: string; data: EventData[Type] };
}[EventType];
`;
}

function eventData(event: EventEntry): string {
  const members = Object.entries(event.data).map(([name, member]) => `${name}: ${memberTypes[member.type]}`);
  return members.length === 0 ? 'Record<string, never>' : `{ ${members.join('; ')} }`;
}

function valueInterface(attributes: Registries['attributes']['attributes']): string {
  const members = attributes.map(
    (attribute) => `  ${memberName(attribute.name)}: ${valueType(attribute.schema)};\n`,
  );
  return `/** The value of each attribute as the cell releases it. */
export interface AttributeValues {
${members.join('')}}
`;
}

function valueType(schema: ValueSchema): string {
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type !== 'object') return schema.type;
  const required = new Set(schema.required);
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => `    ${name}${required.has(name) ? '' : '?'}: ${valueType(member)};\n`,
  );
  return `{\n${members.join('')}  }`;
}

/** Claims that are objects, by name. */
const claimObjects: Record<string, string> = {
  passport: 'PassportBody',
  status: '{ status_list: { idx: number; uri: string } }',
};

const claimTypes = { string: 'string', string_array: 'string[]', unix_seconds: 'number' };

function passportInterface(registries: Registries): string {
  const members = registries.claims
    .filter((claim) => claim.presence !== 'reserved')
    .map((claim) => {
      const type = claim.type === 'object' ? claimObjects[claim.name] : claimTypes[claim.type];
      return `  /** ${claim.meaning} */\n  ${claim.name}${claim.presence === 'always' ? '' : '?'}: ${type};\n`;
    });
  return `/** How surely the person was recognised. */
export const ASSURANCE_LEVELS = ['low', 'substantial', 'high'] as const;
/** From the least sure to the surest. */
export type AssuranceLevel = (typeof ASSURANCE_LEVELS)[number];

/** The version of the passport that this code writes and reads. */
export const PASSPORT_VERSION = 1;

export interface PassportBody {
  v: typeof PASSPORT_VERSION;
  consents: string[];
  assurance_level: AssuranceLevel;
}

/** Claims of a passport (an ID token). Times are Unix seconds. */
export interface PassportClaims {
${members.join('')}}
`;
}
