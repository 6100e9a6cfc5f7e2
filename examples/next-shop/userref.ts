import { createUserref } from '@userref/sdk-next';
import { endTabs } from './lib/live-tabs.ts';
import { shopRevocations } from './lib/shop-data.ts';

// Copy from here. Secrets come from the environment at the first request, so `next build` needs none.
export const userref = createUserref(() => ({
  protect: ['/checkout', '/orders'],
  revocations: shopRevocations(),
  onRevoked: endTabs,
}));

export const { getUser, requireUser, requireConsent, ConsentGate } = userref;
export const delivery = { purpose: 'order_delivery', optional: ['contact:email'] };
