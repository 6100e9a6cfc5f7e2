import { createHash } from 'node:crypto';
import {
  ReleaseAttributes,
  type SealRequest,
  type UnsealRequest,
} from '../../src/cell/attributes/release-attributes.ts';
import type { ConsentDependencies } from '../../src/cell/consent/consent-notice.ts';
import { createLogger } from '../../src/observability/logger.ts';
import {
  ADDRESS,
  AUDIENCE,
  addConsent,
  addPerson,
  type CellFixture,
  connect,
  createCellFixture,
  issueToken,
  PURPOSE,
  store,
  TENANT,
} from './cell-fixture.ts';

export const DAY_MS = 86_400_000;

/** Lets sites receive sealed attributes. */
export async function allowSealing({ admin }: CellFixture, ...siteIds: string[]): Promise<void> {
  await admin.query(
    `update core.sites set attribute_scopes = attribute_scopes || '{sealed}' where tenant_id = $1 and site_id = any ($2)`,
    [TENANT, siteIds],
  );
}

/** A person who shares a delivery address with shop A, and shop A's own token. */
export async function addCustomer(fixture: CellFixture, address: object = ADDRESS) {
  const { admin } = fixture;
  const subjectId = await addPerson(admin);
  const userRef = await connect(admin, subjectId, 'shop-a');
  await store(fixture, subjectId, { 'address:shipping': address, 'contact:phone': '+3725551234' });
  const consentId = await addConsent(admin, { subjectId, attribute: 'address:shipping' });
  return { subjectId, userRef, consentId, accessToken: await issueToken(admin, { siteId: 'shop-a' }) };
}

export type Customer = Awaited<ReturnType<typeof addCustomer>>;

export function sealRequest(customer: Customer, wish: Partial<SealRequest> = {}): SealRequest {
  return {
    tenantId: TENANT,
    accessToken: customer.accessToken,
    userRef: customer.userRef,
    names: ['address:shipping'],
    purpose: PURPOSE,
    orderRef: 'order-1',
    notBefore: new Date(Date.now() - 1_000),
    expiresAt: new Date(Date.now() + 30 * DAY_MS),
    ...wish,
  };
}

/** A cell with two sites that may seal, and what is done to envelopes there. */
export async function createSealedBench() {
  const fixture = await createCellFixture();
  await allowSealing(fixture, 'shop-a', 'shop-b');
  const { admin, cell: database, vault, audit } = fixture;
  return {
    fixture,
    foreignToken: await issueToken(admin, { siteId: 'shop-b' }),
    seal: async (customer: Customer, wish: Partial<SealRequest> = {}) =>
      (await fixture.release.seal(sealRequest(customer, wish))).sealed,
    unseal: ({ accessToken }: Customer, sealed: string, wish: Partial<UnsealRequest> = {}) =>
      fixture.release.unseal({
        ...{ tenantId: TENANT, accessToken, sealed, purpose: PURPOSE, orderRef: 'order-1' },
        ...wish,
      }),
    /** The cell as it will be later. */
    later: (ms: number) =>
      new ReleaseAttributes({
        ...{ database, vault, audit, audience: AUDIENCE, issuer: 'http://core.test' },
        now: () => new Date(Date.now() + ms),
      }),
    consents: (now = () => new Date()) =>
      ({
        ...{ database, now, logger: createLogger({ level: 'silent' }) },
        core: { consentChanged: async () => {} },
      }) as unknown as ConsentDependencies,
  };
}

/** How many keys of envelopes there are for a person. */
export async function envelopeKeys({ admin }: CellFixture, subjectId: string): Promise<number> {
  const rows = await admin.query(
    `select 1 from cell_keys.subject_keys where subject_id = $1 and class = 'sealed'`,
    [subjectId],
  );
  return rows.length;
}

export function headerOf(sealed: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString());
}

/** Texts that would give a person away in an envelope. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
