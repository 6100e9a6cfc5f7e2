import { type Command, InvalidArgumentError, Option } from 'commander';
import { ENVELOPE_CLASS } from '../cell/vault/envelopes.ts';
import type { RotationKind } from '../cell/vault/rotation/rotation-repository.ts';
import type { Vault } from '../cell/vault/vault.ts';
import { addQuarantineCommands } from './quarantine-commands.ts';
import { print } from './report.ts';
import { addRootKeysCommands } from './root-keys-commands.ts';
import { keysTable, progressLine, rotationJson, statusJson } from './vault-keys-report.ts';
import { withVault } from './with-vault.ts';

interface RotateOptions {
  readonly kind: 'kek' | 'dek' | 'blind-index';
  readonly class?: string;
  readonly grace?: number;
  readonly wait?: boolean;
  readonly json?: boolean;
}

interface FloorOptions {
  readonly class: string;
  readonly version: number;
  readonly leave?: number;
  readonly json?: boolean;
}

/** Keys of the vault. The keys that sign passports are in the group `signing-keys`. */
export function addVaultKeysCommands(program: Command): void {
  const keys = program
    .command('keys')
    .description('keys of the vault (keys that sign passports: signing-keys)');
  keys
    .command('status')
    .description('list the keys with their state and use, and how far each rotation is')
    .option('--json', 'one JSON object')
    .action((options: { json?: boolean }, command: Command) =>
      withVault(command, async ({ vault, tenantId }) => {
        const status = await vault.keys.status(tenantId);
        print(statusJson(status), { json: options.json, text: keysTable(status) });
      }),
    );
  addRotate(keys);
  keys
    .command('raise-floor')
    .description('refuse everything under versions below this one; refused itself while something needs one')
    .requiredOption('--class <class>', 'class of attributes, or blind_index:<field>')
    .requiredOption('--version <n>', 'lowest version that opens', wholeNumber)
    .option(
      '--leave <n>',
      'for blind_index:email and :phone: exactly so many people, whose value does not open, are not found by it any more',
      wholeNumber,
    )
    .option('--json', 'one JSON object')
    .action((options: FloorOptions, command: Command) =>
      withVault(command, async ({ vault, tenantId }) => {
        const { leave } = options;
        await vault.keys.raiseFloor(tenantId, options.class, options.version, { ...(leave && { leave }) });
        const text = `Versions of ${options.class} below ${options.version} open nothing any more.`;
        print(
          { class: options.class, min_decryption_version: options.version },
          { json: options.json, text },
        );
      }),
    );
  keys
    .command('destroy')
    .description('erase a version below the floor, for ever; refused while something needs it')
    .requiredOption('--class <class>', 'class of attributes, or blind_index:<field>')
    .requiredOption('--version <n>', 'version to erase', wholeNumber)
    .option('--json', 'one JSON object')
    .action((options: { class: string; version: number; json?: boolean }, command: Command) =>
      withVault(command, async ({ vault, tenantId }) => {
        await vault.keys.destroy(tenantId, options.class, options.version);
        const text = `Version ${options.version} of ${options.class} is destroyed.`;
        print(
          { class: options.class, version: options.version, state: 'destroyed' },
          { json: options.json, text },
        );
      }),
    );
  addQuarantineCommands(keys);
  addRootKeysCommands(keys);
}

function addRotate(keys: Command): void {
  keys
    .command('rotate')
    .description('start a rotation; running cells do the work in the background')
    .addOption(
      new Option(
        '--kind <kind>',
        'kek: wrap data keys anew. dek: encrypt values anew. blind-index: index anew',
      )
        .choices(['kek', 'dek', 'blind-index'])
        .default('kek'),
    )
    .option('--class <class>', 'class of attributes, or field of a blind index. Default: every one')
    .option(
      '--grace <seconds>',
      'how long a new key is published before it is used. Default 300',
      wholeNumber,
    )
    .option('--wait', 'take part in the work here, show progress, and return when it is done')
    .option('--json', 'one JSON object a line')
    .action((options: RotateOptions, command: Command) =>
      withVault(command, async ({ vault, tenantId }) => {
        const kind = options.kind.replace('-', '_') as RotationKind;
        const classes = options.class ? [options.class] : await allClasses(vault, tenantId, kind);
        for (const one of classes) await start(vault, { tenantId, kind, class: one, grace: options.grace });
        const started = classes.map((one) => ({ kind: options.kind, class: one }));
        const text = `Started: ${classes.join(', ')}. The work goes on in the background: userref-core keys status`;
        print({ started }, { json: options.json, text });
        if (options.wait)
          for (const one of classes) await work(vault, { tenantId, kind, class: one, json: options.json });
      }),
    );
}

function start(
  vault: Vault,
  { grace, ...rotation }: { tenantId: string; kind: RotationKind; class: string; grace: number | undefined },
): Promise<void> {
  return vault.rotation.start({ ...rotation, ...(grace !== undefined && { graceSeconds: grace }) });
}

/** Every batch is a transaction of its own, so Ctrl-C at any moment leaves nothing half done. */
async function work(
  vault: Vault,
  { json, ...rotation }: { tenantId: string; kind: RotationKind; class: string; json: boolean | undefined },
): Promise<void> {
  const stopped = untilInterrupted();
  let shownAt = 0;
  for (;;) {
    const step = await vault.rotation.step(rotation);
    const over = step.result === 'finished' || step.result === 'idle';
    if (over || performance.now() - shownAt > SHOW_EVERY_MS) {
      shownAt = performance.now();
      await show(vault, rotation, json);
    }
    if (over) return;
    if (step.result === 'waiting') await pause(Math.min(step.ms, SHOW_EVERY_MS));
    if (stopped.aborted) {
      process.stderr.write(
        'Stopped watching. The rotation goes on in the background: userref-core keys status\n',
      );
      return;
    }
  }
}

const SHOW_EVERY_MS = 1_000;

async function show(
  vault: Vault,
  { tenantId, kind, class: name }: { tenantId: string; kind: RotationKind; class: string },
  json: boolean | undefined,
): Promise<void> {
  const scope = vault.rotation.scope({ tenantId, kind, class: name });
  const rotations = await vault.keys.rotations(tenantId);
  const rotation = rotations.find((one) => one.kind === kind && one.class === scope.class);
  if (rotation) print(rotationJson(rotation), { json, text: progressLine(rotation) });
}

async function allClasses(vault: Vault, tenantId: string, kind: RotationKind): Promise<string[]> {
  const { keys } = await vault.keys.status(tenantId);
  const names = [...new Set(keys.map((key) => key.class))];
  const indexed = names.filter((name) => name.startsWith('blind_index:'));
  if (kind === 'blind_index') return indexed.map((name) => name.slice('blind_index:'.length));
  const ofValues = names.filter((name) => !indexed.includes(name));
  return kind === 'dek' ? ofValues.filter((name) => name !== ENVELOPE_CLASS) : ofValues;
}

function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
