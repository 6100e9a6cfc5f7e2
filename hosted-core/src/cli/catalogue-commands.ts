import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ATTRIBUTE_CATALOGUE } from '../contract/generated.ts';
import { AttributeRepository } from '../core/catalogue/attribute-repository.ts';
import { addAttribute, publishAttribute } from '../core/catalogue/manage-attributes.ts';
import { addPurpose, publishPurpose } from '../core/catalogue/manage-purposes.ts';
import { listPurposes } from '../core/catalogue/purpose-repository.ts';
import { UserrefError } from '../errors/userref-error.ts';
import { print } from './report.ts';
import { withCoreDatabase } from './with-core.ts';

interface Json {
  readonly json?: boolean;
}

export function addCatalogueCommands(program: Command): void {
  addAttributeCommands(program.command('attributes').description('what data people can share'));
  addPurposeCommands(program.command('purposes').description('what sites may ask for data for'));
}

function addAttributeCommands(attributes: Command): void {
  attributes
    .command('add <file>')
    .description('define an attribute, or its next version, from a JSON file (- for stdin); a draft at first')
    .option('--json', 'one JSON object: name, version')
    .action(async (file: string, { json }: Json, command: Command) => {
      await withCatalogue(command, async (deps) => {
        const draft = await addAttribute(deps, readJson(file));
        const { name, schema_version: version } = draft;
        print(
          { name, version },
          {
            json,
            text: `${name} version ${version} is a draft. Publish it: userref-core attributes publish ${name}`,
          },
        );
      });
    });
  attributes
    .command('publish <name>')
    .description('let sites be registered for the newest draft, and cells take values for it')
    .option('--json', 'one JSON object: name, version')
    .action(async (name: string, { json }: Json, command: Command) => {
      await withCatalogue(command, async (deps) => {
        const { version } = await publishAttribute(deps, name);
        print({ name, version }, { json, text: `${name} version ${version} is published.` });
      });
    });
  attributes
    .command('list')
    .description('list the default catalogue and your own attributes')
    .option('--json', 'one JSON object')
    .action(async ({ json }: Json, command: Command) => {
      await withCatalogue(command, async ({ attributes: repository }) => {
        const standard = ATTRIBUTE_CATALOGUE.map((one) => ({
          name: one.name,
          version: one.schema_version as number,
          class: one.class as string,
          state: 'default',
        }));
        const own = (await repository.list()).map((one) => ({
          name: one.name,
          version: one.version,
          class: one.class,
          state: one.publishedAt ? 'published' : 'draft',
        }));
        const all = [...standard, ...own];
        const text = all.map((one) => `${one.name}  v${one.version}  ${one.class}  ${one.state}`).join('\n');
        print({ attributes: all }, { json, text });
      });
    });
}

function addPurposeCommands(purposes: Command): void {
  purposes
    .command('add <file>')
    .description(
      'write the next version of a purpose of a site from a JSON file (- for stdin); a draft at first',
    )
    .requiredOption('--site <id>', 'client id of the site')
    .option('--json', 'one JSON object: purpose, version')
    .action(async (file: string, { site, json }: Json & { site: string }, command: Command) => {
      await withCatalogue(command, async (deps) => {
        const { purposeId, version } = await addPurpose(deps, site, readJson(file));
        print(
          { purpose: purposeId, version },
          {
            json,
            text: `${purposeId} version ${version} is a draft. Publish it: userref-core purposes publish ${purposeId} --site ${site}`,
          },
        );
      });
    });
  purposes
    .command('publish <id>')
    .description('ask people under the newest version from now on; who agreed before is asked again')
    .requiredOption('--site <id>', 'client id of the site')
    .option('--json', 'one JSON object: purpose, version')
    .action(async (purposeId: string, { site, json }: Json & { site: string }, command: Command) => {
      await withCatalogue(command, async (deps) => {
        const { version } = await publishPurpose(deps, { siteId: site, purposeId });
        print(
          { purpose: purposeId, version },
          { json, text: `${purposeId} version ${version} is published.` },
        );
      });
    });
  purposes
    .command('list')
    .description('list all versions of purposes')
    .option('--site <id>', 'of one site only')
    .option('--json', 'one JSON object')
    .action(async ({ site, json }: Json & { site?: string }, command: Command) => {
      await withCatalogue(command, async ({ database, tenantId }) => {
        const found = await database.inTenant(tenantId, (tx) => listPurposes(tx, tenantId, site));
        const rows = found.map((one) => ({
          site: one.siteId,
          purpose: one.purposeId,
          version: one.version,
          max_duration_days: one.maxDurationDays,
          dpv_purpose: one.dpvPurpose,
          languages: one.languages,
          state: one.publishedAt ? 'published' : 'draft',
        }));
        const text = rows
          .map(
            (one) => `${one.site}  ${one.purpose}  v${one.version}  ${one.languages.join(',')}  ${one.state}`,
          )
          .join('\n');
        print({ purposes: rows }, { json, text: text || 'No purposes yet.' });
      });
    });
}

async function withCatalogue(
  command: Command,
  work: (deps: {
    database: Parameters<Parameters<typeof withCoreDatabase>[1]>[0]['database'];
    attributes: AttributeRepository;
    tenantId: string;
  }) => Promise<void>,
): Promise<void> {
  await withCoreDatabase(command, ({ settings: { tenantId }, database }) =>
    work({ database, tenantId, attributes: new AttributeRepository(database, tenantId) }),
  );
}

function readJson(file: string): unknown {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new UserrefError('invalid_request', { detail: `${file} is no JSON.` });
  }
}
