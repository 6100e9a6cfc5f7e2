import type { SessionStore } from '@userref/sdk-next';

/** The shop's revocations, asked for over HTTP: an Edge runtime has neither SQLite nor the memory of the process. */
export function remoteStore(): SessionStore {
  return {
    async isRevoked({ sid, userRef, issuedAt }) {
      const query = new URLSearchParams({ sid, user_ref: userRef, issued_at: String(issuedAt) });
      const response = await fetch(`${process.env.TEST_STORE_URL}/revoked?${query}`, { cache: 'no-store' });
      return (await response.json()) === true;
    },
    revokeSession: notHere,
    revokeUser: notHere,
    rememberWebhook: async () => notHere(),
  };
}

function notHere(): never {
  throw new Error('webhooks are received elsewhere');
}
