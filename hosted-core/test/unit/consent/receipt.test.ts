import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { verifyReceipt } from '../../../../sdk-core/cli/receipt/verify-receipt.ts';
import { purposeChanges } from '../../../src/cell/consent/purpose-change.ts';
import { textHash } from '../../../src/cell/consent/purpose-text.ts';
import { receiptDocument } from '../../../src/cell/consent/receipt-document.ts';
import type { ReceiptEvent, ReceiptRow } from '../../../src/cell/consent/receipts-repository.ts';
import { wordDiff } from '../../../src/cell/consent/word-diff.ts';
import { DPV_NAMESPACES, dpvIri, VENDORED_TERMS } from '../../../src/vocabulary/dpv-terms.ts';

const at = new Date('2026-03-01T10:00:00Z');
const until = new Date('2026-03-31T10:00:00Z');
const texts = { en: { title: 'Delivery', description: 'To bring it.', recipients: 'Shop and carrier' } };
const row: ReceiptRow = {
  receiptId: `rcp_${'a'.repeat(26)}`,
  siteId: 'shop-a',
  siteName: 'Shop A',
  siteOrigin: 'https://shop-a.test',
  purposeId: 'order_delivery',
  purposeVersion: 2,
  textHash: textHash({ locale: 'en', ...texts.en }),
  locale: 'en',
  consentIds: ['con_1'],
  decidedAt: at,
};
const event = (change: ReceiptEvent['change']): ReceiptEvent => ({
  consentId: 'con_1',
  attribute: 'contact:email',
  change,
  expiresAt: until,
  occurredAt: at,
});
const purpose = {
  texts,
  maxDurationDays: 30,
  dpvPurpose: 'dpv:DeliveryOfGoods',
  legalBasis: 'eu-gdpr:A6-1-a',
};
const userRef = `ppid_${'b'.repeat(26)}`;
const context = {
  issuer: 'https://cell.test',
  region: 'eu-1',
  operator: { name: 'Operator' },
  userRef,
  now: at,
};
const all = (['granted', 'renewed', 'withdrawn', 'expired', 'denied'] as const).map(event);
const document = receiptDocument(row, purpose, all, context);

describe('A consent receipt', () => {
  it('has the fields of ISO/IEC TS 27560', () => {
    expect(document).toMatchObject({
      record_id: row.receiptId,
      schema_version: 'ISO/IEC TS 27560:2023',
      pii_principal_id: userRef,
      pii_controllers: [{ name: 'Shop A', origin: 'https://shop-a.test' }],
      privacy_notice: { version: 2, language: 'en', sha256: row.textHash.toString('hex'), ...texts.en },
      purposes: [
        {
          purpose_type: 'dpv:DeliveryOfGoods',
          legal_basis: 'eu-gdpr:A6-1-a',
          personal_data: [{ attribute: 'contact:email', retention: { until: until.toISOString() } }],
          recipients: ['Shop and carrier'],
          storage_location: 'eu-1',
          withdrawal_method: { uri: 'https://cell.test/account' },
        },
      ],
    });
    const { events } = document as { events: { state: string }[] };
    expect(events.map(({ state }) => state)).toEqual(['given', 'renewed', 'withdrawn', 'expired']);
  });

  it('uses no term that is not vendored, and each of its terms is an address', () => {
    const used = [...JSON.stringify(document).matchAll(/"((?:dpv|eu-gdpr|dct):[A-Za-z0-9-]+)"/g)].map(
      ([, one]) => one,
    );
    expect(used.length).toBeGreaterThan(25);
    for (const term of used) expect(dpvIri(term ?? ''), term).toMatch(/^https?:\/\//);
    expect(dpvIri('dpv:MadeUp')).toBeUndefined();
    const prefixes = Object.keys(DPV_NAMESPACES);
    for (const term of VENDORED_TERMS) expect(prefixes, term).toContain(term.split(':')[0]);
  });

  it('says that nothing links it once the site was disconnected', () => {
    const later = receiptDocument(row, purpose, all, { ...context, userRef: undefined });
    expect(later.pii_principal_id).toBe('urn:userref:unlinked');
  });
});

describe('userref receipt verify', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const jwks = { keys: [jwk] };
  const sign = (claims: object, header: object = {}, key = privateKey) =>
    new SignJWT(claims as never)
      .setProtectedHeader({ alg: 'ES256', typ: 'consent-receipt+jwt', kid: 'k1', ...header })
      .sign(key);
  const problem = async (jws: string, keys = jwks, expected = {}) => {
    const verdict = await verifyReceipt(jws, keys, expected);
    return verdict.ok ? 'ok' : verdict.problem;
  };

  it('believes what the key signed, with nobody asked', async () => {
    expect(await problem(`${await sign(document)}\n`)).toBe('ok');
    expect(await problem(await sign(document), jwks, { userRef })).toBe('ok');
  });

  it.each([
    ['another type', { typ: 'JWT' }, 'typ_invalid'],
    ['no type', { typ: undefined }, 'typ_invalid'],
    ['an unknown key', { kid: 'k2' }, 'key_unknown'],
    ['a critical header', { crit: ['exp'], exp: 1 }, 'typ_invalid'],
  ])('refuses %s', async (_what, header, expected) => {
    expect(await problem(await sign(document, header).catch(() => 'x.y.z'))).toMatch(
      new RegExp(`${expected}|malformed`),
    );
  });

  it('refuses another signer, a changed byte, another spelling, and a key set with a private key', async () => {
    const jws = await sign(document);
    const stranger = await generateKeyPair('ES256', { extractable: true });
    expect(await problem(await sign(document, {}, stranger.privateKey))).toBe('signature_invalid');
    const [head, , signature] = jws.split('.');
    const forged = Buffer.from(JSON.stringify({ ...document, pii_principal_id: 'x' })).toString('base64url');
    expect(await problem(`${head}.${forged}.${signature}`)).toBe('signature_invalid');
    for (const other of [` ${jws}`, `${jws}==`, `${jws}\n\n`, 'x', ''])
      expect(await problem(other)).toBe('malformed');
    expect(await problem(jws, { keys: [{ ...jwk, d: 'AA' }] })).toBe('key_unknown');
  });

  it('refuses a signature whose unused last bits were changed, which bare readers accept', async () => {
    const jws = await sign(document);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = alphabet[alphabet.indexOf(jws.at(-1) ?? '') ^ 1];
    const twin = `${jws.slice(0, -1)}${other}`;
    const bytes = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url');
    expect(bytes(twin)).toEqual(bytes(jws));
    expect(await problem(twin)).toBe('malformed');
  });

  it('refuses other words than those that were agreed to, an incomplete receipt, and somebody else’s', async () => {
    const { privacy_notice } = document as { privacy_notice: object };
    const reworded = { ...document, privacy_notice: { ...privacy_notice, description: 'To sell it on.' } };
    expect(await problem(await sign(reworded))).toBe('notice_changed');
    expect(await problem(await sign({ ...document, events: [] }))).toBe('structure_invalid');
    expect(await problem(await sign(document), jwks, { userRef: 'ppid_other' })).toBe('wrong_user_ref');
  });
});

describe('What changed in a text', () => {
  const join = (parts: ReturnType<typeof wordDiff>, without: string) =>
    parts
      .filter(({ kind }) => kind !== without)
      .map(({ text }) => text)
      .join('');

  it.each([
    ['To send you what you bought.', 'To send you what you bought and ask how it was.'],
    ['', 'New'],
    ['Old', ''],
    ['a b c d', 'd c b a'],
    ['same words', 'same words'],
    [`${'word '.repeat(900)}end`, `${'word '.repeat(901)}end`],
  ])('gives back both texts: %#', (before, after) => {
    const parts = wordDiff(before, after);
    expect([join(parts, 'added'), join(parts, 'removed')]).toEqual([before, after]);
  });

  it('keeps what stayed in one piece', () => {
    expect(wordDiff('To send it to you.', 'To send it home.')).toEqual([
      { kind: 'same', text: 'To send it ' },
      { kind: 'removed', text: 'to you.' },
      { kind: 'added', text: 'home.' },
    ]);
  });

  it('is compared in the language of the page, and names a longer duration', () => {
    const now = { purposeId: 'p', version: 3, maxDurationDays: 60, texts: { ...texts, de: texts.en } };
    const changes = purposeChanges(purpose, now, { locale: 'en', days: (count) => `${count} days` });
    expect(changes.map(({ part }) => part)).toEqual(['duration']);
  });
});
