import { SettingsError } from '../config/load-settings.ts';
import { ERRORS } from '../contract/generated.ts';
import { UserrefError } from '../errors/userref-error.ts';

const WRONG_CONFIGURATION = 78;

/** What happened, why, and what to do; nothing of a stack. */
export function reportAndExit(error: unknown): never {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(error instanceof SettingsError ? WRONG_CONFIGURATION : 1);
}

function describe(error: unknown): string {
  if (error instanceof UserrefError) return `${error.code}: ${error.detail}\n${ERRORS[error.code].fix}`;
  if (error instanceof Error) return error.message;
  return 'failed for an unknown reason';
}

/** Human text on a terminal, one JSON object for scripts. */
export function print(
  result: Record<string, unknown>,
  { json, text }: { json?: boolean | undefined; text: string },
): void {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${text}\n`);
}
