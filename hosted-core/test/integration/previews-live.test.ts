import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PREVIEWED_SITE } from '../support/preview-addresses.ts';
import {
  type Core,
  NOT_REGISTERED,
  PREVIEW,
  portOf,
  push,
  REGISTERED,
  type RegisteredSite,
  register,
  setPatterns,
} from '../support/previewed-site.ts';
import { startCore } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const cell = new ScriptedCell();

describe('a live core', () => {
  let database: TestDatabase;
  let core: Core;
  let shop: RegisteredSite;

  beforeAll(async () => {
    database = await createTestDatabase();
    core = await startCore({ coreUrl: database.coreUrl, cell });
    shop = await register(core, 'shop', []);
  });
  afterAll(async () => {
    await core?.close();
    await database?.drop();
  });

  it('registers no previews', async () => {
    await expect(register(core, 'another', PREVIEWED_SITE.previewPatterns)).rejects.toMatchObject({
      code: 'invalid_request',
      detail: expect.stringContaining('USERREF_MODE=test'),
    });
    await expect(setPatterns(core, 'shop', PREVIEWED_SITE.previewPatterns)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('cannot even store them', async () => {
    const store = `update core.sites set preview_patterns = '{https://*.shop.example}'`;
    await expect(database.admin.query(store)).rejects.toThrow(/foreign key/);
  });

  it('takes registered addresses only, even if a pattern got into its database', async () => {
    await database.admin.query('alter table core.sites drop column previews_need');
    await database.admin.query('update core.sites set preview_patterns = $1', [
      PREVIEWED_SITE.previewPatterns,
    ]);
    const [row] = await database.admin.query<{ preview_patterns: string[] }>(
      'select preview_patterns from core.sites',
    );
    expect(row?.preview_patterns).toEqual(PREVIEWED_SITE.previewPatterns);
    await core.close();
    core = await startCore({ coreUrl: database.coreUrl, cell, port: portOf(core), secrets: core.secrets });
    expect(await push(core, shop, REGISTERED)).toMatchObject({ status: 201 });
    expect(await push(core, shop, PREVIEW)).toMatchObject({ status: 400, why: NOT_REGISTERED });
  });
});
