import { readFileSync } from 'node:fs';

export type Place = 'core' | 'cell' | 'sdk';

export interface ErrorEntry {
  code: string;
  /** HTTP status; absent for codes that an SDK throws and that never go over the wire. */
  status?: number;
  title: string;
  detail: string;
  fix: string;
  retryable: boolean;
  where: Place[];
}

export interface EventMember {
  type: 'string' | 'user_ref' | 'consent_id' | 'attributes' | 'purpose' | 'revocation_reason';
  description?: string;
}

export interface EventEntry {
  type: string;
  summary: string;
  siteMust: string;
  data: Record<string, EventMember>;
}

export interface ReasonEntry {
  reason: string;
  meaning: string;
}

export interface ClaimEntry {
  name: string;
  type: 'string' | 'string_array' | 'object' | 'unix_seconds';
  presence: 'always' | 'optional' | 'reserved';
  meaning: string;
}

export interface ScopeEntry {
  name: string;
  presence: 'available' | 'reserved';
  meaning: string;
}

export interface AuditActionEntry {
  action: string;
  where: 'core' | 'cell';
  meaning: string;
}

export interface AttributeEntry {
  name: string;
  class: string;
  schema_version: number;
  predicate: boolean;
  derived?: { from: string; rule: string; years?: number; countries?: string[] };
  mask: string;
  schema: ValueSchema;
  labels: Record<string, string>;
}

/** The part of JSON Schema that attribute values use. */
export interface ValueSchema {
  type: 'string' | 'boolean' | 'integer' | 'number' | 'object';
  required?: string[];
  properties?: Record<string, ValueSchema>;
  description?: string;
}

export interface AttributeCatalogue {
  description: string;
  classes: string[];
  attributes: AttributeEntry[];
}

/** A language that pages speak to visitors. */
export interface LanguageEntry {
  /** BCP 47. */
  tag: string;
  name: string;
  direction: 'ltr' | 'rtl';
  words: Record<'signIn' | 'share' | 'start' | 'code' | 'request', string>;
}

/** Error codes that mean the same for visitors. */
export interface VisitorGroup {
  group: string;
  codes: string[];
  /** Other codes that begin like this are of the group too. */
  prefixes?: string[];
  /** The way on that a page offers besides the start page. */
  way: 'sign_in' | 'share' | 'start';
  /** By language. */
  texts: Record<string, { title: string; happened: string; advice: string }>;
}

export interface VisitorTexts {
  description: string;
  languages: LanguageEntry[];
  groups: VisitorGroup[];
}

export interface Registries {
  errors: ErrorEntry[];
  events: EventEntry[];
  'revocation-reasons': ReasonEntry[];
  claims: ClaimEntry[];
  scopes: ScopeEntry[];
  'audit-actions': AuditActionEntry[];
  attributes: AttributeCatalogue;
  'visitor-texts': VisitorTexts;
}

/** Every registry is `<name>.json` here, with its schema in `schemas/<name>.schema.json`. */
export const registryNames = [
  'errors',
  'events',
  'revocation-reasons',
  'claims',
  'scopes',
  'audit-actions',
  'attributes',
  'visitor-texts',
] as const satisfies (keyof Registries)[];

export function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

/** Reads the registries as they are; `docs/test/contract.test.ts` holds them against their schemas. */
export function readRegistries(): Registries {
  return Object.fromEntries(
    registryNames.map((name) => [name, readJson(`${name}.json`)]),
  ) as unknown as Registries;
}
