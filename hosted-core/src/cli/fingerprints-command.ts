import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { exportFingerprints } from '../cell/fingerprints/export-fingerprints.ts';
import { print } from './report.ts';
import { withVault } from './with-vault.ts';

const DEFAULT_HOURS = 24;
const MOST_HOURS = 168;

interface FingerprintsOptions {
  readonly out: string;
  readonly keyOut: string;
  readonly validHours: number;
  readonly json?: boolean;
}

export function addFingerprintsCommand(dsr: Command): void {
  dsr
    .command('fingerprints')
    .description('write what `userref scan` may look for in a site’s database: fingerprints, no values')
    .requiredOption('--out <file>', 'where the sealed fingerprints go; must not exist yet')
    .requiredOption('--key-out <file>', 'where their key goes, to be sent another way; must not exist yet')
    .option('--valid-hours <n>', `how long they are good, 1 to ${MOST_HOURS}`, hours, DEFAULT_HOURS)
    .option('--json', 'one JSON object')
    .action(async (options: FingerprintsOptions, command: Command) => {
      await withVault(command, async ({ vault, database, tenantId }) => {
        const { validHours } = options;
        const made = await exportFingerprints({ vault, database, tenantId, validHours });
        writeFileSync(options.keyOut, `${made.key}\n`, { mode: 0o600, flag: 'wx' });
        writeFileSync(options.out, made.file, { mode: 0o600, flag: 'wx' });
        const { people, fingerprints } = made;
        const expires_at = made.expiresAt.toISOString();
        const text = [
          `Wrote ${fingerprints} fingerprints of ${people} people to ${options.out}, their key to ${options.keyOut}.`,
          `Good until ${expires_at}. Whoever has both could try out names and addresses: remove them after the scan.`,
          `  userref scan DUMP --fingerprints ${options.out} --key ${options.keyOut}`,
        ].join('\n');
        print({ people, fingerprints, expires_at }, { json: options.json, text });
      });
    });
}

function hours(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= MOST_HOURS) return value;
  throw new InvalidArgumentError(`a whole number from 1 to ${MOST_HOURS}.`);
}
