import { UserrefError } from '../../src/errors/userref-error.ts';
import { EvidenceError } from '../audit/checkpoint.ts';
import { UsageError } from '../usage-error.ts';
import type { Io } from './io.ts';
import { Problem } from './problem.ts';

export interface Command {
  readonly name: string;
  /** A line for the overview. */
  readonly summary: string;
  readonly help: string;
  /** @returns the exit code */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** Runs a command; what it throws becomes a text on stderr and an exit code, never a stack. */
export async function runCommand(command: Command, args: readonly string[], io: Io): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.out(command.help);
    return 0;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    io.note(describe(error));
    return isOfTheMatter(error) ? 1 : 2;
  }
}

/** Told from a wrong command line or file: that is 2. */
function isOfTheMatter(error: unknown): boolean {
  return error instanceof EvidenceError || error instanceof Problem || error instanceof UserrefError;
}

function describe(error: unknown): string {
  if (error instanceof UsageError || error instanceof Problem) return error.message;
  if (error instanceof UserrefError) return `${error.code}: ${error.detail}\nDo:  ${error.fix}`;
  return error instanceof Error ? error.message : 'failed for an unknown reason';
}
