import { createUserref } from '@userref/sdk-next';
import { remoteStore } from '../../../lib/remote-store.ts';

export const runtime = 'edge';

const { withUser } = createUserref(() => ({ revocations: remoteStore() }));

export const GET = withUser(async (_request, { user, fetchAttributes }) => {
  const shared = await fetchAttributes(['address:shipping'], { purpose: 'order_delivery' });
  const runtime = 'EdgeRuntime' in globalThis ? 'edge' : 'node';
  return Response.json({ userRef: user.userRef, address: shared.get('address:shipping'), runtime });
});
export const POST = withUser(() => new Response('done'));
