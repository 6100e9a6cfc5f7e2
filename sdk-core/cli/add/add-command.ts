import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Io } from '../console/io.ts';
import { Problem } from '../console/problem.ts';
import { readOptions } from '../console/read-options.ts';
import { refuseWord } from '../console/refuse-word.ts';
import type { Change, Plan } from './change.ts';
import { unifiedDiff } from './diff.ts';
import { planExpress } from './express.ts';
import { planNext } from './next.ts';
import { Project } from './project.ts';

export const ADD_HELP = `userref add next | express
  Puts the login into your site: shows what it would write, asks, and writes just that. Running it again changes
  nothing. TypeScript and JavaScript, ES modules and CommonJS.
    --entry FILE     (express) the file with \`const app = express()\`
    --yes            write without asking
    --dry-run        show, and write nothing
    --json           one JSON object; writes only with --yes

Exit codes: 0 written, or nothing to do · 1 not written · 2 wrong command line`;

const OPTIONS = {
  entry: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** @returns the exit code */
export async function addCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = readOptions(args, { options: OPTIONS, help: ADD_HELP, words: 1 });
  const project = new Project(io.cwd);
  const plan = planFor(words[0], project, values.entry);
  if (!values.json) show(plan, io);
  const isWanted = plan.changes.length > 0 && !values['dry-run'] && (await isAgreed(values, io));
  if (isWanted) for (const change of plan.changes) write(io.cwd, change);
  if (values.json) {
    const changes = plan.changes.map((change) => ({ path: change.path, diff: unifiedDiff(change) }));
    io.out(JSON.stringify({ written: isWanted, changes, notes: plan.notes }));
  } else if (isWanted) io.out(`\nWrote ${plan.changes.map(({ path }) => path).join(', ')}.`);
  if (!values.json) showNotes(plan, io);
  return isWanted || plan.changes.length === 0 || values['dry-run'] ? 0 : 1;
}

function planFor(framework: string | undefined, project: Project, entry: string | undefined): Plan {
  if (framework === 'next') return planNext(project);
  if (framework === 'express') return planExpress(project, { entry });
  return refuseWord(framework, { after: 'userref add', choices: ['next', 'express'], help: ADD_HELP });
}

function show({ changes }: Plan, { out }: Io): void {
  if (changes.length === 0) out('Nothing to do: it is all there.');
  for (const change of changes) out(`${unifiedDiff(change)}\n`);
}

function showNotes({ notes }: Plan, { out }: Io): void {
  if (notes.length > 0) out(['', 'For you to do:', ...notes.map((note) => `  ${note}`)].join('\n'));
}

async function isAgreed({ yes, json }: { yes?: boolean | undefined; json?: boolean | undefined }, io: Io) {
  if (yes) return true;
  if (json || !io.ask) {
    io.note('Nothing was written: nobody can be asked here. Say --yes to write what was shown.');
    return false;
  }
  return /^y(es)?$/i.test((await io.ask('Write this? [y/N] ')).trim());
}

/** @throws Problem when the file changed since it was shown */
function write(cwd: string, { path, before, after }: Change): void {
  const file = join(cwd, path);
  const now = existsSync(file) ? readFileSync(file, 'utf8') : null;
  if (now !== before) {
    throw new Problem({
      what: `${path} changed meanwhile.`,
      fix: 'Run the command again: it shows the difference anew.',
    });
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, after);
}
