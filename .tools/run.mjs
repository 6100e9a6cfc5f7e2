#!/usr/bin/env node
// The one start of everything: `npm run demo`, `npm test` and the rest come here. Runs on Node 20 with nothing
// installed, brings what is missing (a current Node, the packages, a browser) and says so on stderr;
// stdout belongs to the command alone.
import { commands, usage } from './lib/commands.mjs';
import { ensureNode } from './lib/node-version.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { say } from './lib/say.mjs';

const [name = '--help', ...args] = process.argv.slice(2);

async function main() {
  if (name === '--help' || name === 'help') {
    process.stdout.write(usage());
    return 0;
  }
  const command = commands[name];
  if (command === undefined) {
    say(`There is no command "${name}".`);
    process.stderr.write(usage());
    return 2;
  }
  const unknown = args.find((word) => command.takes?.includes(word) === false);
  if (unknown === '--help') {
    process.stdout.write(usage());
    return 0;
  }
  if (unknown !== undefined) {
    say(`npm run ${name} does not take "${unknown}".`);
    return 2;
  }
  const exitCodeUnderCurrentNode = await ensureNode();
  if (exitCodeUnderCurrentNode !== undefined) return exitCodeUnderCurrentNode;
  await ensurePackages();
  return command.run(args);
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
