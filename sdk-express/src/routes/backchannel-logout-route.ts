import { UserrefError } from '@userref/sdk-core';
import { rawBody } from '../http/raw-body.ts';
import type { Route } from './route.ts';

/** Takes logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.5): 200 when done, 400 when refused. */
export const backchannelLogoutRoute: Route = {
  method: 'POST',
  async handle({ userref, request, response }, { onRevoked }) {
    const body = await rawBody(request);
    const { userRef, sid } = await apply(() => userref.handleBackchannelLogout({ body }));
    const type = sid === null ? 'access.revoked' : 'session.revoked';
    if (userRef !== null) await onRevoked?.({ type, userRef, sid, reason: null });
    response.status(200).set('Cache-Control', 'no-store').end();
  },
};

/** A store that is away makes the core try again. */
async function apply<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof UserrefError) throw cause;
    throw new UserrefError('service_unavailable', { detail: 'The logout could not be applied.', cause });
  }
}
