import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { generatedFiles, staleFiles } from '../contract/generated-files.ts';
import { readJson, readRegistries, registryNames } from '../contract/registries.ts';

const registries = readRegistries();

describe('the registries', () => {
  it.each(registryNames)('%s.json fits its schema', (name) => {
    expect(violations(`${name}.schema.json`, readJson(`${name}.json`))).toEqual([]);
  });

  it('name everything once', () => {
    expect(repeated(registries.errors.map((entry) => entry.code))).toEqual([]);
    expect(repeated(registries.events.map((entry) => entry.type))).toEqual([]);
    expect(repeated(registries['revocation-reasons'].map((entry) => entry.reason))).toEqual([]);
    expect(repeated(registries.claims.map((entry) => entry.name))).toEqual([]);
    expect(repeated(registries.scopes.map((entry) => entry.name))).toEqual([]);
    expect(repeated(registries['audit-actions'].map((entry) => entry.action))).toEqual([]);
    expect(repeated(registries.attributes.attributes.map((entry) => entry.name))).toEqual([]);
  });

  it('give an HTTP status to each error that goes over the wire and to no other', () => {
    for (const entry of registries.errors) {
      const onTheWire = entry.where.some((place) => place !== 'sdk');
      expect([entry.code, entry.status !== undefined]).toEqual([entry.code, onTheWire]);
    }
  });

  it('use only attribute classes that exist, and derive only from stored attributes', () => {
    const { classes, attributes } = registries.attributes;
    const stored = attributes.filter((attribute) => !attribute.derived).map((attribute) => attribute.name);
    for (const attribute of attributes) {
      expect(classes).toContain(attribute.class);
      if (attribute.derived !== undefined) expect(stored).toContain(attribute.derived.from);
    }
  });

  it('name the user in every event about a user', () => {
    const withoutUser = registries.events.filter((event) => !('user_ref' in event.data));
    expect(withoutUser.filter(({ type }) => !/^(site|endpoint)\./.test(type))).toEqual([]);
    expect(withoutUser.length).toBeGreaterThan(2);
  });
});

describe('the generated files', () => {
  it('are what the registries give now (otherwise run: npm run contract)', () => {
    expect(staleFiles()).toEqual([]);
  });

  it('change when a registry changes', () => {
    const changed = structuredClone(registries);
    changed.events.push({ type: 'planted.event', summary: 'Planted.', siteMust: 'Nothing.', data: {} });
    const before = generatedFiles();
    const different = [...generatedFiles(changed)].filter(([path, text]) => before.get(path) !== text);
    expect(different.map(([path]) => path)).toEqual([
      'hosted-core/src/contract/generated.ts',
      'sdk-core/src/generated/contract.ts',
      'docs/reference/events.md',
      'docs/contract/schemas/wire/webhook-event.schema.json',
      'sdk-php-bridge/php/src/Contract/EventType.php',
    ]);
  });
});

describe('the wire schemas', () => {
  const userRef = `ppid_${'a'.repeat(26)}`;

  it('accept an event of the contract and refuse one that lacks a member', () => {
    const event = {
      type: 'session.revoked',
      timestamp: '2026-11-02T10:00:00Z',
      data: { user_ref: userRef, sid: 's', reason: 'signed_out' },
    };
    expect(violations('wire/webhook-event.schema.json', event)).toEqual([]);
    const { sid, ...withoutSid } = event.data;
    expect(sid).toBe('s');
    expect(violations('wire/webhook-event.schema.json', { ...event, data: withoutSid })).not.toEqual([]);
    expect(violations('wire/webhook-event.schema.json', { ...event, type: 'unknown.event' })).not.toEqual([]);
  });

  it('accept a problem of the contract and refuse one whose status is not that of its code', () => {
    const problem = {
      type: 'https://userref.dev/errors/consent_required',
      title: 'Consent required',
      status: 403,
      detail: 'No live consent.',
      code: 'consent_required',
      request_id: 'r-1',
      retryable: false,
      attributes: ['contact:email'],
    };
    expect(violations('wire/problem.schema.json', problem)).toEqual([]);
    expect(violations('wire/problem.schema.json', { ...problem, status: 404 })).not.toEqual([]);
    expect(violations('wire/problem.schema.json', { ...problem, code: 'config_invalid' })).not.toEqual([]);
  });

  it('accept a passport of the contract and refuse one with several audiences or another version', () => {
    const passport = {
      iss: 'https://id.example.eu',
      aud: 'cms-shop-123',
      sub: userRef,
      user_ref: userRef,
      passport: { v: 1, consents: ['profile:name'], assurance_level: 'high' },
      tenant: 'acme',
      site: 'cms-shop-123',
      sid: 's',
      auth_time: 1731200000,
      iat: 1731200000,
      exp: 1731203600,
    };
    expect(violations('wire/passport.schema.json', passport)).toEqual([]);
    expect(violations('wire/passport.schema.json', { ...passport, aud: ['cms-shop-123'] })).not.toEqual([]);
    expect(
      violations('wire/passport.schema.json', { ...passport, passport: { ...passport.passport, v: 2 } }),
    ).not.toEqual([]);
  });
});

/** What is wrong with a value, in ajv's words. */
function violations(schema: string, value: unknown): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
  formats.default(ajv);
  const validate = ajv.compile(readJson(`schemas/${schema}`) as object);
  validate(value);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
