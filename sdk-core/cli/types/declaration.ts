import { ATTRIBUTE_NAMES } from '../../src/generated/contract.ts';
import type { SiteDescription } from '../site/site-description.ts';
import { typeOfSchema } from './type-of-schema.ts';

const STANDARD = new Set<string>(ATTRIBUTE_NAMES);

/** The declaration file that tells the SDK which attributes and purposes this site has. */
export function declarationOf({ site, attributes, purposes }: SiteDescription): string {
  const names = attributes.toSorted((a, b) => compare(a.name, b.name));
  const isStandardUsed = names.some(({ name }) => STANDARD.has(name));
  const members = names.flatMap(({ name, label, schema }) => [
    `    /** ${inComment(label)} */`,
    `    ${quoted(name)}: ${STANDARD.has(name) ? `AttributeValues[${quoted(name)}]` : typeOfSchema(schema)};`,
  ]);
  const reasons = purposes
    .toSorted((a, b) => compare(a.purpose, b.purpose))
    .flatMap(({ purpose, title }) => [`    /** ${inComment(title)} */`, `    ${quoted(purpose)}: true;`]);
  return [
    `// Written by \`userref types\` from what is registered for the site ${inComment(site)}. Do not edit: run it again.`,
    isStandardUsed ? `import type { AttributeValues } from '@userref/sdk-core';` : 'export {};',
    '',
    `declare module '@userref/sdk-core' {`,
    '  interface SiteAttributes {',
    ...members,
    '  }',
    '',
    '  interface SitePurposes {',
    ...reasons,
    '  }',
    '}',
    '',
  ].join('\n');
}

function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside}'`;
}

/** Texts of the operator stand in comments only, and cannot end them. */
function inComment(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ').replaceAll('*/', '* /');
}

/** By code units: the same file on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
