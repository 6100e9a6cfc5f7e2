import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsReference } from '../../hosted-core/src/config/reference.ts';
import { referencePages } from './markdown.ts';
import { passportVectorFiles } from './passports/vector-files.ts';
import { phpFiles } from './php.ts';
import { type Registries, readRegistries } from './registries.ts';
import { claimsModule, hostedCoreModule, sdkModule } from './typescript.ts';
import { visitorTextsPage } from './visitors/markdown.ts';
import { visitorPhpFiles } from './visitors/php.ts';
import { visitorModules } from './visitors/typescript.ts';
import { wireSchemas } from './wire-schemas.ts';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every generated file, as path in the repository and text. The same registries give the same bytes. */
export function generatedFiles(registries: Registries = readRegistries()): Map<string, string> {
  return new Map([
    ['hosted-core/src/contract/generated.ts', hostedCoreModule(registries)],
    ['sdk-core/src/generated/contract.ts', sdkModule(registries)],
    ['sdk-core/cli/generated/claims.ts', claimsModule(registries)],
    ...inFolder('sdk-core/src/generated', visitorModules(registries['visitor-texts'])),
    ...inFolder('docs/reference', referencePages(registries)),
    ['docs/reference/visitor-texts.md', visitorTextsPage(registries)],
    ['docs/reference/configuration.md', configurationPage()],
    ...inFolder('docs/contract/vectors/passports', passportVectorFiles()),
    ...inFolder('docs/contract/schemas/wire', wireSchemas(registries)),
    ...inFolder('sdk-php-bridge/php/src/Contract', phpFiles(registries)),
    ...inFolder('sdk-php-bridge/php/src/Contract', visitorPhpFiles(registries['visitor-texts'])),
  ]);
}

function configurationPage(): string {
  return `<!-- Generated from hosted-core/src/config/settings.ts by \`npm run contract\`. Do not edit. -->

# Configuration of the hosted core

Settings are environment variables, or lines of a file given by \`--config\`; the environment wins. All problems are
listed at once, and a variable that starts with \`USERREF_\` and is not listed here is refused.

${settingsReference()}
`;
}

function inFolder(folder: string, files: Record<string, string>): [string, string][] {
  return Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]);
}

/** Paths of generated files whose committed text differs from what the registries give now. */
export function staleFiles(): string[] {
  return [...generatedFiles()].filter(([path, text]) => textOf(path) !== text).map(([path]) => path);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}
