import type { ReleaseRequest } from '../../src/cell/attributes/release-attributes.ts';
import {
  ADDRESS,
  addConsent,
  addPerson,
  auditRows,
  connect,
  createCellFixture,
  issueToken,
  PURPOSE,
  store,
  TENANT,
} from './cell-fixture.ts';

/** A cell with a person who shares an address with shop A and has more, and shop A that asks for it. */
export async function createReleaseBench() {
  const fixture = await createCellFixture();
  const { admin } = fixture;
  const person = await addPerson(admin);
  const userRef = await connect(admin, person, 'shop-a');
  const accessToken = await issueToken(admin, { siteId: 'shop-a', subjectId: person });
  await store(fixture, person, {
    'address:shipping': ADDRESS,
    'contact:email': 'sample-amber@example.com',
    'profile:birthdate': '1990-01-01',
  });
  await addConsent(admin, { subjectId: person, attribute: 'address:shipping' });
  return {
    fixture,
    admin,
    person,
    userRef,
    accessToken,
    ask: (request: Partial<ReleaseRequest> = {}) =>
      fixture.release.release({
        tenantId: TENANT,
        accessToken,
        names: ['address:shipping'],
        purpose: PURPOSE,
        ...request,
      }),
    lastAudit: async (action: string) => (await auditRows(admin, action)).at(-1),
  };
}
