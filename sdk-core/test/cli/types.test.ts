import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SiteDescription } from '../../cli/site/site-description.ts';
import { declarationOf } from '../../cli/types/declaration.ts';
import { typeOfSchema } from '../../cli/types/type-of-schema.ts';
import { temporaryFolder } from '../support/cli.ts';

const TSC = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
const PACKAGE = join(import.meta.dirname, '../..');

const description = {
  site: 'shop',
  attributes: [
    { name: 'contact:email', label: 'E-mail', schema: { type: 'string' } },
    {
      name: 'loyalty:tier',
      label: 'Tier */ export const hacked = 1; /*',
      schema: { enum: ['gold', 'silver'] },
    },
  ],
  purposes: [{ purpose: 'order_delivery', title: 'Deliver\nyour order', version: 1 }],
} as unknown as SiteDescription;

describe('the type of a schema', () => {
  it.each([
    [{ type: 'string', maxLength: 5 }, 'string'],
    [{ type: ['integer', 'null'] }, 'number | null'],
    [{ enum: ['a', 1, null] }, '"a" | 1 | null'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, 'readonly ("a" | "b")[]'],
    [
      {
        type: 'object',
        additionalProperties: false,
        required: ['a'],
        properties: { a: { type: 'boolean' }, 'b-c': {} },
      },
      '{ a: boolean; "b-c"?: unknown }',
    ],
    [{ $ref: '#/x' }, 'unknown'],
    ['nonsense', 'unknown'],
  ])('%j', (schema, type) => expect(typeOfSchema(schema)).toBe(type));
});

describe('a name that ends its line', () => {
  it('ends no string', () => {
    const schema = { type: 'string' };
    const hostile = [{ name: "a'\n};\\'; export const x: \u2028", label: 'A', schema }];
    const text = declarationOf({ ...description, attributes: hostile } as unknown as SiteDescription);
    expect(text.split(/[\n\u2028]/).filter((line) => line.includes('export const'))).toHaveLength(1);
    expect(text).toContain("'a\\'\\n};\\\\\\'; export const x: ");
  });
});

describe('the declaration file', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  const compile = (source: string): string => {
    writeFileSync(join(folder.path, 'site.ts'), source);
    try {
      execFileSync(process.execPath, [TSC, '--noEmit', '-p', folder.path], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
      return '';
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };

  beforeAll(() => {
    mkdirSync(folder.path, { recursive: true });
    writeFileSync(join(folder.path, 'userref-site.d.ts'), declarationOf(description));
    const compilerOptions = {
      ...{ strict: true, module: 'NodeNext', target: 'ES2023', lib: ['ES2023', 'DOM'], types: [] },
      ...{ skipLibCheck: true, allowImportingTsExtensions: true, noEmit: true },
      paths: { '@userref/sdk-core': [join(PACKAGE, 'src/index.ts')] },
    };
    writeFileSync(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  });

  it('lets the names of the site compile, with their types', () => {
    const source = `import type { Attributes, SiteAttributeName, SitePurpose } from '@userref/sdk-core';
      export const names: SiteAttributeName[] = ['contact:email', 'loyalty:tier'];
      export const purpose: SitePurpose = 'order_delivery';
      export function tier(a: Attributes<'loyalty:tier' | 'contact:email'>): 'gold' | 'silver' | null {
        const email: string | null = a.get('contact:email');
        return email === null ? null : a.get('loyalty:tier');
      }`;
    expect(compile(source)).toBe('');
  });

  it('lets no other name compile', () => {
    const source = `import type { SiteAttributeName, SitePurpose } from '@userref/sdk-core';
      export const name: SiteAttributeName = 'contact:phone';
      export const purpose: SitePurpose = 'marketing';`;
    expect(compile(source).match(/error TS2322/g)).toHaveLength(2);
  });

  it('is not broken by what an operator wrote', () => {
    expect(declarationOf(description)).not.toMatch(/^ *export const hacked/m);
    expect(declarationOf(description)).toContain('* / export const hacked');
  });
});
