import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { refuseWord } from '../console/refuse-word.ts';
import { UsageError } from '../usage-error.ts';
import { readCheckpoints, readKeys } from './read-evidence.ts';
import { readLines } from './read-lines.ts';
import { ExportVerifier, type Verdict } from './verify-export.ts';
import { verifyProof } from './verify-proof.ts';

export const AUDIT_HELP = `userref audit verify --export FILE --checkpoint FILE --public-key KEY
  Checks an exported audit log against what was signed, and names the first entry that is not as it was.
    --export FILE              what «userref-core audit export» wrote
    --checkpoint FILE          a signed checkpoint, or an anchor file with many
    --public-key KEY           key of the log, or a file with keys, one a line; may be repeated
    --since-checkpoint FILE    an older checkpoint: the log must still begin with what it covers
    --key-chain FILE           notes in which older keys vouch for newer ones
    --json                     the verdict as one JSON object

userref audit verify-proof --proof FILE --public-key KEY [--key-chain FILE] [--json]
  Checks a person's own entries, each with its inclusion proof.

Exit codes: 0 as it was signed · 1 it is not · 2 wrong command line or unreadable file`;

const OPTIONS = {
  export: { type: 'string' },
  checkpoint: { type: 'string' },
  'since-checkpoint': { type: 'string' },
  'public-key': { type: 'string', multiple: true },
  'key-chain': { type: 'string' },
  proof: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const VERBS = ['verify', 'verify-proof'];
const PROGRESS_EVERY = 100_000;

export interface Console {
  readonly out: (text: string) => void;
  /** Progress; absent where nobody watches. */
  readonly progress?: ((text: string) => void) | undefined;
}

/** @returns the exit code */
export async function auditCommand(args: readonly string[], console: Console): Promise<number> {
  const [verb, ...rest] = args;
  if (!VERBS.includes(verb ?? ''))
    refuseWord(verb, { after: 'userref audit', choices: VERBS, help: AUDIT_HELP });
  const { values } = parseOptions(rest);
  const keys = readKeys(needed(values['public-key'], 'public-key'), values['key-chain']);
  if (verb === 'verify') {
    const since = values['since-checkpoint'];
    const [older] = since === undefined ? [] : readCheckpoints(since, keys).sort((a, b) => b.size - a.size);
    const checkpoints = readCheckpoints(needed(values.checkpoint, 'checkpoint'), keys);
    const verifier = new ExportVerifier({
      checkpoints: older ? [...checkpoints, older] : checkpoints,
      since: older,
    });
    const verdict = await verifyFile(needed(values.export, 'export'), verifier, console);
    console.out(values.json ? JSON.stringify(verdict) : describe(verdict));
    return verdict.ok ? 0 : 1;
  }
  const verdict = verifyProof(readFileSync(needed(values.proof, 'proof'), 'utf8'), keys);
  const text = verdict.ok
    ? `All ${verdict.entries} entries stand in the log ${verdict.log}, as signed at ${verdict.time}.`
    : `Refused: ${verdict.detail}.`;
  console.out(values.json ? JSON.stringify(verdict) : text);
  return verdict.ok ? 0 : 1;
}

/** Streams the file through; memory does not grow with it. */
export async function verifyFile(
  path: string,
  verifier: ExportVerifier,
  { progress }: Pick<Console, 'progress'>,
): Promise<Verdict> {
  let told = 0;
  for await (const lines of readLines(path)) {
    for (const line of lines) {
      const verdict = verifier.take(line);
      if (verdict) return verdict;
    }
    if (verifier.entries < told + PROGRESS_EVERY) continue;
    told = verifier.entries;
    progress?.(`${told} entries`);
  }
  return verifier.finish();
}

function describe(verdict: Verdict): string {
  if (!verdict.ok) return `Refused at entry ${verdict.seq} (${verdict.fault}): ${verdict.detail}.`;
  const beyond =
    verdict.beyond === 0 ? '' : ` ${verdict.beyond} more are linked to it and wait for the next checkpoint.`;
  return `Verified: the ${verdict.covered} entries of ${verdict.log} are as they were signed.${beyond}`;
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${AUDIT_HELP}`);
  }
}

function needed<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new UsageError(`--${name} is missing\n\n${AUDIT_HELP}`);
  return value;
}
