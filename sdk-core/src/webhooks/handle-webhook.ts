import type { ResolvedOptions } from '../options/options.ts';
import { applyToSessions } from './apply-to-sessions.ts';
import { verifyWebhook } from './verify-webhook.ts';
import type { WebhookEvent } from './webhook-event.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** An event that was checked, and whose sessions have ended. */
export interface HandledWebhook {
  readonly event: WebhookEvent;
  /**
   * Whether its sessions were ended before: answer 2xx. What the site does besides is the site's to remember: when that
   * failed the first time, the event comes again as a duplicate.
   */
  readonly isDuplicate: boolean;
}

/** Deliveries are retried for 72 hours, and an operator may replay later; by then the effects have been kept. */
const REMEMBER_SECONDS = 8 * 86_400;
/**
 * Verifies an event and applies it to the revocation store. The effects come first and may be repeated;
 * only then is the id remembered, so an event that failed half-way is done again when it is delivered again.
 */
export async function handleWebhook(
  options: ResolvedOptions,
  request: WebhookRequest,
): Promise<HandledWebhook> {
  const event = await verifyWebhook(options, request);
  await applyToSessions(options, event);
  const isFirst = await options.revocations.rememberWebhook(event.id, options.now() + REMEMBER_SECONDS);
  return { event, isDuplicate: !isFirst };
}
