import type { Io } from '../console/io.ts';
import { refuseWord } from '../console/refuse-word.ts';
import { listenToWebhooks } from './listen.ts';
import { triggerWebhook } from './trigger.ts';
import { verifyRecordedWebhook } from './verify.ts';
import { WEBHOOKS_HELP } from './webhooks-help.ts';

/** @returns the exit code */
export async function webhooksCommand(args: readonly string[], io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'verify') return verifyRecordedWebhook(rest, io);
  if (verb === 'listen') return listenToWebhooks(rest, io);
  if (verb === 'trigger') return triggerWebhook(rest, io);
  const choices = ['verify', 'listen', 'trigger'];
  return refuseWord(verb, { after: 'userref webhooks', choices, help: WEBHOOKS_HELP });
}
