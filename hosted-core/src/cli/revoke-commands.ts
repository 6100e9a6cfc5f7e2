import type { Command } from 'commander';
import type { Preview, Revocation } from '../core/revocation/revocation.ts';
import { buildHouse } from '../dependencies.ts';
import { UserrefError } from '../errors/userref-error.ts';
import { createLogger } from '../observability/logger.ts';
import { print } from './report.ts';
import { settingsOf } from './with-core.ts';

interface RevokeOptions {
  readonly reason: string;
  readonly dryRun?: true;
  readonly json?: boolean;
}

type Act = { readonly tenantId: string; readonly by: 'operator'; readonly note: string };
type Work = (revocation: Revocation, act: Act, id: string) => Promise<unknown>;
type Scope = (id: string) => Omit<Preview, 'tenantId'>;

const NOTE = /^[\p{L}\p{N}\p{P}\p{Zs}]{3,200}$/u;

/** `userref-core revoke …`: each verb ends what it names. Done means that no read can succeed any more. */
export function addRevokeCommands(program: Command): void {
  const revoke = program.command('revoke').description('end access at once');
  const add = (name: string, description: string) =>
    revoke
      .command(name)
      .description(description)
      .requiredOption('--reason <text>', 'why, for the audit log; name no people')
      .option('--json', 'one JSON object');
  const withPreview = (command: Command, scope: Scope, work: Work) =>
    command
      .option('--dry-run', 'only count what would end')
      .action((...given) => run(given, { scope, work }));

  withPreview(
    add('consent <consent>', 'one consent, by its con_…'),
    (consentId) => ({ consentId }),
    (revocation, { tenantId }, consentId) => revocation.revokeConsent({ tenantId, consentId }),
  );
  add('session <sid>', 'one session, by the sid that a site knows').action((...given) =>
    run(given, { work: (revocation, act, sid) => revocation.endSessionBySid({ ...act, sid }) }),
  );
  withPreview(
    add('user <user_ref>', 'one user at one site: tokens, passports, sessions there, consents'),
    (userRef) => ({ userRef }),
    (revocation, act, userRef) => revocation.revokeUser({ ...act, userRef }),
  );
  withPreview(
    add('site <site>', 'everybody at one site'),
    (siteId) => ({ siteId }),
    (revocation, act, siteId) => revocation.revokeSite({ ...act, siteId }),
  );
  withPreview(
    add('all', 'everybody at every site'),
    () => ({}),
    (revocation, act) => revocation.revokeAll(act),
  );
}

async function run(given: unknown[], { work, scope }: { work: Work; scope?: Scope }): Promise<void> {
  const command = given.at(-1) as Command;
  const id = typeof given[0] === 'string' ? given[0] : '';
  const { reason, dryRun, json } = command.opts() as RevokeOptions;
  if (!NOTE.test(reason)) {
    throw new UserrefError('invalid_request', { detail: 'A reason has 3 to 200 characters of plain text.' });
  }
  const settings = settingsOf(command);
  const { tenantId } = settings;
  const house = await buildHouse(settings, createLogger({ level: 'warn' }));
  try {
    const { revocation } = house.core;
    const counts = scope ? await revocation.preview({ tenantId, ...scope(id) }) : undefined;
    if (!dryRun) await work(revocation, { tenantId, by: 'operator', note: reason }, id);
    print({ dry_run: dryRun === true, ...counts }, { json, text: report(counts, { dryRun }) });
  } finally {
    await house.core.close();
    await house.cell.close();
  }
}

function report(
  counts: Awaited<ReturnType<Revocation['preview']>> | undefined,
  { dryRun }: { dryRun?: true | undefined },
): string {
  const verb = dryRun ? 'Would end' : 'Ended';
  if (!counts) return `${verb}.`;
  const { users, tokens, passports, consents } = counts;
  return `${verb}: ${users} user(s) at sites, ${tokens} token(s) and grant(s), ${passports} passport(s), ${consents} consent(s).`;
}
