import type { Command } from 'commander';
import { settingsReference } from '../config/reference.ts';
import { settingsOf } from './with-core.ts';

export function addConfigCommands(program: Command): void {
  const config = program.command('config').description('look at the configuration');
  config
    .command('check')
    .description('check every setting and list all problems at once')
    .action((_options, command: Command) => {
      settingsOf(command);
      process.stdout.write('The configuration is complete.\n');
    });
  config
    .command('reference')
    .description('print every setting with its meaning, as Markdown')
    .action(() => {
      process.stdout.write(`${settingsReference()}\n`);
    });
}
