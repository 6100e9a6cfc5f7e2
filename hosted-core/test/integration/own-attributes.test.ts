import { afterAll, describe, expect, it } from 'vitest';
import { OwnAttributes } from '../../src/cell/attributes/own-attributes.ts';
import { ReadAudit } from '../../src/cell/attributes/read-audit.ts';
import type { Database } from '../../src/database/database.ts';
import { addPerson, store, TENANT } from '../support/cell-fixture.ts';
import { createReleaseBench } from '../support/release-bench.ts';

const { admin, fixture, lastAudit, person } = await createReleaseBench();

afterAll(() => fixture.drop());

describe('the person’s own view', () => {
  const own = () => new OwnAttributes({ vault: fixture.vault, audit: fixture.audit });

  it('shows everything, restricted or not, and is written down', async () => {
    const subjectId = await addPerson(admin);
    await store(fixture, subjectId, { 'profile:name': 'Sample Person Birch' });
    await admin.query(`update cell.people set status = 'restricted' where subject_id = $1`, [subjectId]);
    expect(await own().read({ tenantId: TENANT, subjectId })).toEqual([
      { attribute: 'profile:name', value: 'Sample Person Birch', source: 'upstream' },
    ]);
    expect(await lastAudit('own_attributes.read')).toMatchObject({
      site_id: null,
      data: { attributes: ['profile:name'] },
    });
  });

  it('is not shown when it cannot be written down', async () => {
    const failing = { query: () => Promise.reject(new Error('log is full')) } as unknown as Database;
    const view = new OwnAttributes({ vault: fixture.vault, audit: new ReadAudit({ database: failing }) });
    await expect(view.read({ tenantId: TENANT, subjectId: person })).rejects.toThrow('log is full');
  });
});
