import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import type { Pseudonym } from '../core/subjects/pseudonyms-repository.ts';
import { openPeopleDesk } from '../dependencies.ts';
import { print } from './report.ts';
import { settingsOf } from './with-core.ts';

interface FindOptions {
  readonly field: 'email' | 'phone';
  readonly operator: string;
  readonly json?: boolean;
}

/** `userref-core dsr find`: from what a person has told an operator to what sites know the person by. */
export function addFindCommand(dsr: Command): void {
  dsr
    .command('find')
    .description(
      'find people by an e-mail address or phone number, read from standard input so that it stays out of histories',
    )
    .addOption(
      new Option('--field <field>', 'what the input is').choices(['email', 'phone']).makeOptionMandatory(),
    )
    .requiredOption('--operator <id>', 'who asks; one of USERREF_LOOKUP_OPERATORS, and in the audit log')
    .option('--json', 'one JSON object: people')
    .action(async (options: FindOptions, command: Command) => {
      const { field, operator, json } = options;
      const value = await readValue();
      const desk = await openPeopleDesk(settingsOf(command));
      try {
        const people = await desk.find({ operator, field, value });
        print({ people: people.map(toJson) }, { json, text: describe(people) });
      } finally {
        await desk.close();
      }
    });
}

async function readValue(): Promise<string> {
  const input = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if (process.stdin.isTTY) return await input.question('Address or number: ');
    for await (const line of input) return line;
    return '';
  } finally {
    input.close();
  }
}

function toJson(person: readonly Pseudonym[]) {
  return { sites: person.map(({ siteId, userRef }) => ({ site: siteId, user_ref: userRef })) };
}

function describe(people: readonly (readonly Pseudonym[])[]): string {
  const found = people.map((person, index) => {
    const sites = person.map((one) => `  ${one.userRef}  ${one.siteName} (${one.siteId})`);
    return [`Person ${index + 1}`, ...(sites.length > 0 ? sites : ['  connected to no site'])].join('\n');
  });
  return [`${people.length} found.`, ...found].join('\n');
}
