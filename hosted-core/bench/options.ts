import { parseArgs } from 'node:util';
import { SUITES, type SuiteName } from './figures.ts';
import type { Options } from './settings.ts';

export const HELP = `Usage: npm run bench [suite …] [-- options]

Measures this core against bare tools, in turns within one run, and prints a table. Everything runs on this
machine and talks to loopback only. A whole run takes about a quarter of an hour.

Suites:  ${SUITES.join(', ')} (default: all)

  --json              print one flat JSON object and nothing else on stdout
  --quick             a short look: fewer and shorter slices. Its figures are rough
  --subjects <n>      people in the larger database of the suite vault: default 200,000, a minute or two
                      to fill; a million takes about ten, and 6 GB
  --save              keep the report in hosted-core/bench/history
  --profile <folder>  write CPU profiles (*.cpuprofile) of the servers under test into the folder
  --help              this text

The exit code says whether everything could be measured, not whether the aims are met.
`;

/** @returns undefined when the help was asked for. Throws on anything unknown. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      subjects: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const unknown = positionals.filter((name) => !(SUITES as readonly string[]).includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no suite ${unknown.join(', ')}. There are: ${SUITES.join(', ')}.`);
  return {
    suites: positionals.length === 0 ? SUITES : (positionals as SuiteName[]),
    json: values.json,
    quick: values.quick,
    save: values.save,
    profileDir: values.profile,
    subjects: values.subjects === undefined ? undefined : peopleIn(values.subjects),
  };
}

function peopleIn(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1_000) return count;
  throw new Error('--subjects takes a whole number from 1,000.');
}
