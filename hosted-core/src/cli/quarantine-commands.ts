import { type Command, InvalidArgumentError } from 'commander';
import { print } from './report.ts';
import { unreadableText } from './vault-keys-report.ts';
import { withVault } from './with-vault.ts';

interface QuarantineOptions {
  readonly class: string;
  readonly count?: number;
  readonly lift?: boolean;
  readonly json?: boolean;
}

/** `userref-core keys unreadable` and `quarantine`: data keys that a rotation had to leave. */
export function addQuarantineCommands(keys: Command): void {
  keys
    .command('unreadable')
    .description('try the data keys that older versions still wrap, and list those that do not open')
    .requiredOption('--class <class>', 'class of attributes')
    .option('--json', 'one JSON object')
    .action((options: QuarantineOptions, command: Command) =>
      withVault(command, async ({ vault, tenantId }) => {
        const found = await vault.keys.quarantine.find(tenantId, options.class);
        print(
          { class: options.class, unreadable: found },
          { json: options.json, text: unreadableText(options.class, found) },
        );
      }),
    );
  keys
    .command('quarantine')
    .description('set damaged data keys aside, so that they keep no version from being closed; audited')
    .requiredOption('--class <class>', 'class of attributes')
    .option(
      '--count <n>',
      'how many `keys unreadable` has listed; refused when there are more or fewer',
      count,
    )
    .option('--lift', 'take back what was set aside')
    .option('--json', 'one JSON object')
    .action((options: QuarantineOptions, command: Command) => {
      if ((options.count === undefined) === !options.lift) command.error('error: give --count or --lift');
      return withVault(command, async ({ vault, tenantId }) => {
        const { quarantine } = vault.keys;
        const { class: name, json } = options;
        if (options.count !== undefined) await quarantine.setAside(tenantId, name, options.count);
        const keysMeant = options.count ?? (await quarantine.lift(tenantId, name));
        const text = options.lift
          ? `${keysMeant} data key(s) of ${name} are taken back.`
          : `${keysMeant} data key(s) of ${name} are set aside. What they sealed does not open, as before.`;
        print({ class: name, [options.lift ? 'taken_back' : 'set_aside']: keysMeant }, { json, text });
      });
    });
}

function count(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}
