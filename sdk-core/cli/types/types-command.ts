import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { counted } from '../console/counted.ts';
import type { Io } from '../console/io.ts';
import { readOptions } from '../console/read-options.ts';
import { fetchSiteDescription } from '../site/site-description.ts';
import { readSiteSettings } from '../site/site-settings.ts';
import { declarationOf } from './declaration.ts';

export const TYPES_HELP = `userref types
  Writes a declaration file with the attributes and purposes that are registered for your site. From then on
  a name that the site may not ask for does not compile, and values have their types.
    --out FILE         default: userref-site.d.ts; it must be among the files that tsconfig.json includes
    --check            write nothing; exit code 1 when the file is not as it would be written
    --env-file FILE    the site's settings (default: .env.local and .env; the environment wins)
    --json             one JSON object

Exit codes: 0 written, or up to date · 1 not up to date, or the core does not answer · 2 wrong command line`;

const OPTIONS = {
  out: { type: 'string', default: 'userref-site.d.ts' },
  check: { type: 'boolean' },
  'env-file': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** @returns the exit code */
export async function typesCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = readOptions(args, { options: OPTIONS, help: TYPES_HELP });
  const description = await fetchSiteDescription(readSiteSettings(io, values['env-file']));
  const text = declarationOf(description);
  const file = resolve(io.cwd, values.out);
  const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (!isCurrent && !values.check) writeFileSync(file, text);
  const state = isCurrent ? 'current' : values.check ? 'outdated' : 'written';
  const { attributes, purposes } = description;
  const said = {
    current: `${values.out} is up to date`,
    outdated: `${values.out} is not up to date: run userref types`,
    written: `Wrote ${values.out}`,
  }[state];
  io.out(
    values.json
      ? JSON.stringify({ file: values.out, state, attributes: attributes.length, purposes: purposes.length })
      : `${said} (${counted(attributes.length, 'attribute')}, ${counted(purposes.length, 'purpose')}).`,
  );
  return state === 'outdated' ? 1 : 0;
}
