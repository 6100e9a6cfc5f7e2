import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReceiptKeys } from '../../src/cell/consent/receipt-keys.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import { atConsentPage, share } from '../support/consent-visit.ts';
import { post, type RunningCell, startCell, TENANT } from '../support/running-cell.ts';
import { runUserref } from '../support/userref-cli.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'userref-receipts-'));
let running: RunningCell;
let receiptSecret: Buffer;

beforeAll(async () => {
  SecretBox.createKeyFile(join(folder, 'core.secret'));
  receiptSecret = SecretBox.fromKeyFile(join(folder, 'core.secret')).deriveKey('cell-receipts');
  running = await startCell({ receiptSecret });
  running.core.userRefs.set('shop-a', `ppid_${'a'.repeat(26)}`);
  const settings = {
    NODE_ENV: 'development',
    USERREF_TENANT: TENANT,
    USERREF_CORE_URL: 'http://core.test',
    USERREF_CELL_URL: running.url,
    USERREF_CORE_DATABASE_URL: running.database.coreUrl,
    USERREF_CELL_DATABASE_URL: running.database.cellUrl,
    USERREF_CORE_SECRET_FILE: join(folder, 'core.secret'),
    USERREF_UPSTREAM_ISSUER: running.issuer,
    USERREF_UPSTREAM_CLIENT_ID: 'cell',
    USERREF_UPSTREAM_CLIENT_SECRET: 'secret',
    USERREF_KMS: `file:${join(folder, 'vault.key')}`,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  writeFileSync(join(folder, 'core.env'), lines.join('\n'), { mode: 0o600 });
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

function rotate(): Promise<{ keys: { kid: string; state: string }[] }> {
  const args = ['--conditions=@userref/source', MAIN, '--config', join(folder, 'core.env')];
  const { PATH } = process.env;
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [...args, 'receipt-keys', 'rotate', '--json'],
      { env: { PATH } },
      (error, out) => (error ? fail(error) : done(JSON.parse(out))),
    );
  });
}

/** A receipt as its person downloads it. */
async function download(): Promise<string> {
  const { browser, url, csrf, subjectId } = await atConsentPage(running);
  await post(browser, `${url}/consent`, share(csrf));
  const [row] = await running.database.admin.query<{ receipt_id: string }>(
    'select receipt_id from cell.consent_receipts where subject_id = $1 order by decided_at desc limit 1',
    [subjectId],
  );
  return (await browser.fetch(`${running.url}/account/receipts/${row?.receipt_id}`)).text();
}

it('receipts from before a rotation of the key are believed offline, by the keys that are published after it', async () => {
  const old = await download();
  const first = decodeProtectedHeader(old.trim()).kid;
  const [second, third] = [await rotate(), await rotate()];
  expect(second.keys.map(({ state }) => state)).toEqual(['active', 'published']);
  expect(third.keys).toHaveLength(3);
  expect(third.keys.map(({ kid }) => kid)).toContain(first);
  // Another process, which has nothing cached.
  const { database } = running.deps;
  const fresh = new ReceiptKeys({ database, tenantId: TENANT, secrets: new SecretBox(receiptSecret) });
  expect(decodeProtectedHeader(await fresh.sign({})).kid).toBe(third.keys[0]?.kid);
  const jwks = await fresh.jwks();
  for (const key of jwks.keys) expect(key).not.toHaveProperty('d');

  writeFileSync(join(folder, 'jwks.json'), JSON.stringify(jwks));
  writeFileSync(join(folder, 'old.jwt'), old);
  const verify = ['receipt', 'verify', '--jwks', join(folder, 'jwks.json'), join(folder, 'old.jwt')];
  expect(await runUserref(verify)).toMatchObject({ code: 0, err: '' });
  // Only because its key is still there.
  const others = { keys: jwks.keys.filter(({ kid }) => kid !== first) };
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify(others));
  expect((await runUserref(verify)).code).not.toBe(0);
});
