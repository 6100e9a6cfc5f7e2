import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { JWK } from 'jose';
import { refuseWord } from '../console/refuse-word.ts';
import { UsageError } from '../usage-error.ts';
import { type Receipt, type ReceiptVerdict, verifyReceipt } from './verify-receipt.ts';

export const RECEIPT_HELP = `userref receipt verify --jwks FILE FILE
  Checks a consent receipt from a saved key set alone; nothing is fetched.
    --jwks FILE                saved from {cell}/.well-known/consent-receipt-jwks.json
    --user-ref REF             the receipt must be of this user
    --json                     the verdict as one JSON object

Exit codes: 0 genuine · 1 not genuine · 2 wrong command line or unreadable file`;

const OPTIONS = {
  jwks: { type: 'string' },
  'user-ref': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** @returns the exit code */
export async function receiptCommand(
  args: readonly string[],
  { out }: { out: (text: string) => void },
): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'verify')
    refuseWord(verb, { after: 'userref receipt', choices: ['verify'], help: RECEIPT_HELP });
  const { values, positionals } = parseOptions(rest);
  const [file, ...more] = positionals;
  if (!values.jwks) throw new UsageError(`--jwks is missing.\n\n${RECEIPT_HELP}`);
  if (!file || more.length > 0) throw new UsageError(`It takes one receipt, as a file.\n\n${RECEIPT_HELP}`);
  const jwks = JSON.parse(readFileSync(values.jwks, 'utf8')) as { keys?: JWK[] };
  if (!Array.isArray(jwks.keys)) throw new UsageError(`${values.jwks} is no key set.`);
  const text = readFileSync(file, 'utf8');
  const verdict = await verifyReceipt(text, { keys: jwks.keys }, { userRef: values['user-ref'] });
  out(values.json ? JSON.stringify(verdict) : describe(verdict));
  return verdict.ok ? 0 : 1;
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${RECEIPT_HELP}`);
  }
}

function describe(verdict: ReceiptVerdict): string {
  if (!verdict.ok) return `Not genuine: ${verdict.problem}.`;
  const { receipt } = verdict;
  return [
    `Genuine: receipt ${receipt.record_id}, signed by key ${verdict.kid}.`,
    `  user      ${receipt.pii_principal_id}`,
    ...receipt.pii_controllers.map((one) => `  site      ${one.name} (${one.site}, ${one.origin})`),
    ...receipt.purposes.map((one) => `  purpose   ${one.purpose}, ${one.purpose_type}, ${one.legal_basis}`),
    ...receipt.events.map(eventLine),
  ].join('\n');
}

function eventLine({ state, attribute, event_time, validity_time }: Receipt['events'][number]): string {
  const until = validity_time && state !== 'withdrawn' ? ` until ${validity_time}` : '';
  return `  ${event_time}  ${state} ${attribute}${until}`;
}
