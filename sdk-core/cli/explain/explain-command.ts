import { ERRORS } from '../../src/generated/contract.ts';
import type { Io } from '../console/io.ts';
import { nearest } from '../console/nearest.ts';
import { readOptions } from '../console/read-options.ts';
import { UsageError } from '../usage-error.ts';

export const EXPLAIN_HELP = `userref explain CODE
  Says what an error code means, who sends it, and what to do.
    --list    all codes
    --json    one JSON object

Exit codes: 0 explained · 1 there is no such code · 2 wrong command line`;

const OPTIONS = { list: { type: 'boolean' }, json: { type: 'boolean' } } as const;
const HELP = 'https://userref.dev/errors/';
const WHO: Readonly<Record<string, string>> = { core: 'the core', cell: 'the cell', sdk: 'the SDK' };

/** @returns the exit code */
export async function explainCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = readOptions(args, { options: OPTIONS, help: EXPLAIN_HELP, words: 1 });
  if (values.list) {
    io.out(values.json ? JSON.stringify({ errors: ERRORS }) : list());
    return 0;
  }
  const [given] = words;
  if (given === undefined) throw new UsageError(EXPLAIN_HELP);
  const code = given
    .trim()
    .replace(/^userref[.:_]/i, '')
    .toLowerCase();
  if (!isCode(code)) {
    const similar = nearest(code, Object.keys(ERRORS));
    io.out(values.json ? JSON.stringify({ code: given, known: false, similar }) : unknown(given, similar));
    return 1;
  }
  io.out(values.json ? JSON.stringify({ code, ...ERRORS[code], help: HELP + code }) : text(code));
  return 0;
}

function isCode(code: string): code is keyof typeof ERRORS {
  return Object.hasOwn(ERRORS, code);
}

function list(): string {
  return Object.entries(ERRORS)
    .map(([code, { title }]) => `${code.padEnd(36)}${title}`)
    .join('\n');
}

function text(code: keyof typeof ERRORS): string {
  const { title, detail, fix, retryable, where } = ERRORS[code];
  return [
    `${code}: ${title}`,
    '',
    `What   ${detail}`,
    `Who    ${where.map((one) => WHO[one] ?? one).join(', ')}`,
    `Do     ${fix}`,
    `Again  ${retryable ? 'the same call may succeed a little later' : 'the same call will fail again'}`,
    `More   ${HELP}${code}`,
  ].join('\n');
}

function unknown(code: string, similar: readonly string[]): string {
  const hint =
    similar.length > 0 ? `Did you mean ${similar.join(', ')}?` : 'userref explain --list shows all.';
  return `There is no error code «${code}». ${hint}`;
}
