import { emptyAnswer, jsonAnswer } from '../answer.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import { purgeAskedBy } from '../purge-event.ts';
import { revokedBy } from '../revoked-event.ts';
import { applied } from './applied.ts';
import type { Route } from './route.ts';

const SIGNED_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/** Receives events: 204 when done or done before; 503 makes the core deliver again. */
export const webhookRoute: Route = {
  method: 'POST',
  async handle({ userref, incoming, hooks: { onRevoked, onPurge } }) {
    const body = await incoming.rawBody();
    const headers = signedHeaders(incoming);
    const { event, isDuplicate } = await applied(() => userref.handleWebhook({ headers, body }));
    const revoked = isDuplicate ? null : revokedBy(event);
    if (revoked !== null) await onRevoked?.(revoked);
    const purge = onPurge && purgeAskedBy(event);
    const isPurged = purge ? (await onPurge(purge)) === 'purged' : false;
    // The answer is the confirmation: the person sees that this site has purged the data.
    return isPurged ? jsonAnswer({ status: 'purged' }) : emptyAnswer(204);
  },
};

function signedHeaders(incoming: IncomingRequest): Record<string, string | undefined> {
  return Object.fromEntries(SIGNED_HEADERS.map((name) => [name, incoming.header(name)]));
}
