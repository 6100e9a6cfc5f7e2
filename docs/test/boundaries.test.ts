import { describe, expect, it } from 'vitest';
import { boundaryRules } from './support/boundary-rules.ts';
import { shippedSources } from './support/repository-files.ts';
import { parseSource } from './support/source-file.ts';
import { looksLikeSql } from './support/sql.ts';

const CORE = 'hosted-core/src/';

/** For each rule, small repositories that break it, by path and text: the rule must see every one of them. */
const planted: Record<string, Record<string, string>[]> = {
  'only config/ reads process.env': [
    { [`${CORE}cli/main.ts`]: 'export const port = process.env.PORT;' },
    { [`${CORE}core/oidc/provider.ts`]: 'const { PORT } = process.env;' },
    { [`${CORE}http/http-server.ts`]: "import { env } from 'node:process';" },
  ],
  'SQL stands only in *-repository.ts, database/, jobs/ and audit/': [
    { [`${CORE}core/sites/register-site.ts`]: "tx.query('insert into core.sites values ($1)');" },
    { [`${CORE}cell/consent/decide.ts`]: 'tx.query(`select state from cell.consents where id = 1`);' },
    { [`${CORE}cell/consent/decide.ts`]: "const tail = ' from cell.consents';" },
  ],
  'only core/oidc/ and development-sign-in/ imports oidc-provider': [
    { [`${CORE}core/grants/grants.ts`]: "import type { Adapter } from 'oidc-provider';" },
  ],
  'only cell/upstream/ imports openid-client': [
    { [`${CORE}core/oidc/provider.ts`]: "import * as client from 'openid-client';" },
  ],
  'only outbound/ imports undici': [
    { [`${CORE}core/webhooks/deliver.ts`]: "import { Agent } from 'undici';" },
  ],
  'only outbound/ opens connections': [
    { [`${CORE}core/webhooks/deliver.ts`]: 'export const send = (url: string) => fetch(url);' },
    { [`${CORE}core/webhooks/deliver.ts`]: 'export const send = globalThis.fetch;' },
    { [`${CORE}core/webhooks/deliver.ts`]: "import { request } from 'node:https';" },
    { [`${CORE}cell/upstream/sign-in.ts`]: "const http = await import('node:http');" },
  ],
  'only cell/vault/ imports cell/kms/': [
    { [`${CORE}cell/consent/decide.ts`]: "import { LocalKeyFile } from '../kms/local-key-file.ts';" },
  ],
  'core never imports cell': [
    { [`${CORE}core/oidc/provider.ts`]: "import type { Vault } from '../../cell/vault/vault.ts';" },
  ],
  'cell never imports core': [
    { [`${CORE}cell/pages/my-data.ts`]: "export { sites } from '../../core/sites/site.ts';" },
  ],
  'the ground floor and the wall import neither half': [
    { [`${CORE}http/http-server.ts`]: "import { Vault } from '../cell/vault/vault.ts';" },
    { [`${CORE}wall/in-process.ts`]: "import { sites } from '../core/sites/site.ts';" },
  ],
  'only dependencies.ts imports both halves': [
    {
      [`${CORE}cli/main.ts`]:
        "import { sites } from '../core/sites/site.ts';\nimport { Vault } from '../cell/vault/vault.ts';",
    },
  ],
  'only cell/attributes opens what the vault holds, in four files': [
    {
      [`${CORE}cell/vault/vault.ts`]: 'export class Vault { async openReleased() {} }',
      [`${CORE}cell/pages/my-data.ts`]: 'export const peek = (vault: Vault) => vault.openReleased();',
    },
    {
      [`${CORE}cell/vault/value-format.ts`]: 'export function openValue() {}',
      [`${CORE}cell/pages/my-data.ts`]: "import { openValue } from '../vault/value-format.ts';",
    },
  ],
  'hosted-core imports no SDK': [
    { [`${CORE}cell/upstream/sign-in.ts`]: "import { verifyPassport } from '@userref/sdk-core';" },
  ],
  'sdk-core uses Web APIs only': [
    { 'sdk-core/src/crypto.ts': "import { createHmac } from 'node:crypto';" },
    { 'sdk-core/src/crypto.ts': "export const bytes = Buffer.from('a');" },
    { 'sdk-core/src/crypto.ts': "import { Agent } from 'undici';" },
    { 'sdk-core/src/crypto.ts': 'export const key = process.env.KEY;' },
  ],
  'sdk-core imports nothing but jose and openid-client': [
    { 'sdk-core/src/crypto.ts': "import { z } from 'zod';" },
  ],
  'SDKs and shops import nothing of the hosted core': [
    { 'examples/express-shop/src/main.ts': "import { app } from '@userref/hosted-core';" },
  ],
  'a relative import stays in its package': [
    { 'sdk-express/src/index.ts': "import { createUserref } from '../../sdk-core/src/index.ts';" },
    { 'examples/demo/src/main.ts': "import { shop } from '../../express-shop/src/shop.ts';" },
  ],
  "no file says 'use server'": [
    { 'sdk-next/src/actions.ts': "'use server';\nexport async function login() {}" },
  ],
  'a file has at most 280 lines': [{ 'sdk-core/src/long.ts': '\n'.repeat(281) }],
  'no imports go in a circle': [
    {
      'sdk-core/src/a.ts': "import { b } from './b.ts';",
      'sdk-core/src/b.ts': "export { c } from './c.ts';",
      'sdk-core/src/c.ts': "import { a } from './a.ts';",
    },
  ],
};

describe('the boundaries of the house', () => {
  const sources = shippedSources();

  it('are looked for in the sources that exist', () => {
    expect(sources.map((file) => file.path)).toContain('hosted-core/src/errors/userref-error.ts');
  });

  it.each(boundaryRules.map((rule) => [rule.name, rule] as const))('%s', (_name, rule) => {
    expect(rule.violations(sources)).toEqual([]);
  });
});

describe('every boundary rule', () => {
  it('has planted violations', () => {
    expect(Object.keys(planted)).toEqual(boundaryRules.map((rule) => rule.name));
  });

  it.each(boundaryRules.map((rule) => [rule.name, rule] as const))(
    'sees what breaks it: %s',
    (name, rule) => {
      for (const repository of planted[name] ?? []) {
        const files = Object.entries(repository).map(([path, text]) => parseSource(path, text));
        expect([repository, rule.violations(files).length > 0]).toEqual([repository, true]);
      }
    },
  );
});

describe('the rules let pass', () => {
  it.each([
    [
      'a fetch that was handed in',
      `${CORE}cell/upstream/a.ts`,
      'export const f = (fetch: Fetch) => fetch("x");',
    ],
    ['a member named fetch', `${CORE}cell/upstream/a.ts`, 'export const f = (o: Options) => o.fetch("x");'],
    ['the type of fetch', `${CORE}cell/upstream/a.ts`, 'export interface O { fetch: typeof fetch }'],
    ['types of node:http', `${CORE}http/a.ts`, "import type { IncomingMessage } from 'node:http';"],
    ['a server of node:http', `${CORE}development-sign-in/a.ts`, "import { createServer } from 'node:http';"],
    ['types in a circle', 'sdk-core/src/a.ts', "import type { A } from './a.ts';"],
    ['comments that name things', `${CORE}app.ts`, '// process.env, fetch(x), select a from b'],
  ])('%s', (_what, path, text) => {
    const file = parseSource(path, text);
    expect(boundaryRules.flatMap((rule) => rule.violations([file]))).toEqual([]);
  });
});

describe('SQL is told from prose', () => {
  it.each([
    'select 1 from core.sites',
    'SELECT set_config($1, $2, true)',
    '\n    update core.sites set name = $1',
    'with live as (select 1) select * from live',
    'create table core.sites (id text)',
    'commit',
    'insert into _.audit_events values ($1)',
    'select _.append_audit($1)',
    'update core.sites as site set name = $1',
    'select site.name from core.sites as site',
  ])('SQL: %s', (text) => expect(looksLikeSql(text)).toBe(true));

  it.each([
    'Select what to share from the list',
    'Delete from my account',
    'Updated the site and set its name',
    'grant_type',
    'commit to the change',
    'Create a site',
    'select',
    'with Shop A',
    'set-cookie',
  ])('prose: %s', (text) => expect(looksLikeSql(text)).toBe(false));
});
