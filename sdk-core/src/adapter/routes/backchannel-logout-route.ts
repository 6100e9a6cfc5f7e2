import { emptyAnswer } from '../answer.ts';
import { applied } from './applied.ts';
import type { Route } from './route.ts';

/** Takes logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.5): 200 when done, 400 when refused. */
export const backchannelLogoutRoute: Route = {
  method: 'POST',
  async handle({ userref, incoming, hooks: { onRevoked } }) {
    const body = await incoming.rawBody();
    const { userRef, sid } = await applied(() => userref.handleBackchannelLogout({ body }));
    const type = sid === null ? 'access.revoked' : 'session.revoked';
    if (userRef !== null) await onRevoked?.({ type, userRef, sid, reason: null });
    return emptyAnswer(200);
  },
};
