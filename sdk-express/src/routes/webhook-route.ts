import { UserrefError } from '@userref/sdk-core';
import { rawBody } from '../http/raw-body.ts';
import { purgeAskedBy } from '../purge-event.ts';
import { revokedBy } from '../revoked-event.ts';
import type { Visit } from '../visit.ts';
import type { Route } from './route.ts';

/** Receives events: 204 when done or done before; 503 makes the core deliver again. */
export const webhookRoute: Route = {
  method: 'POST',
  async handle(visit, { onRevoked, onPurge }) {
    const { event, isDuplicate } = await receive(visit);
    const revoked = isDuplicate ? null : revokedBy(event);
    if (revoked !== null) await onRevoked?.(revoked);
    const purge = onPurge && purgeAskedBy(event);
    const isPurged = purge ? (await onPurge(purge)) === 'purged' : false;
    visit.response.set('Cache-Control', 'no-store');
    // The answer is the confirmation: the person sees that this site has purged the data.
    if (isPurged) visit.response.status(200).json({ status: 'purged' });
    else visit.response.status(204).end();
  },
};

async function receive({ userref, request }: Visit) {
  const body = await rawBody(request);
  try {
    return await userref.handleWebhook({ headers: request.headers, body });
  } catch (cause) {
    if (cause instanceof UserrefError) throw cause;
    throw new UserrefError('service_unavailable', { detail: 'The event could not be applied.', cause });
  }
}
