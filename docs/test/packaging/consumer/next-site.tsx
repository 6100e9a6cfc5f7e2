import { createUserref } from '@userref/sdk-next';
import { useUser } from '@userref/sdk-next/client';
import { createUserref as createForPages } from '@userref/sdk-next/pages';
import type { NextRequest } from 'next/server';

declare module '@userref/sdk-core' {
  interface SiteAttributes {
    'address:shipping': { locality: string };
  }
}

// Inferred types of everything are exported: a declaration file must be able to name them (TS2742).
export const userref = createUserref({ protect: ['/account'] });
export const { handlers, getUser, requireUser, requireConsent, fetchAttributes, ConsentGate } = userref;
export const { GET, POST } = handlers;
export const both = [userref.proxy, userref.middleware];
export const answer = (request: NextRequest) => userref.proxy(request);
export const api = userref.withUser(async (_request, { user, fetchAttributes: fetchValues }) => {
  const shared = await fetchValues(['address:shipping'], { purpose: 'order_delivery' });
  return Response.json({ who: user.userRef, where: shared.get('address:shipping')?.locality ?? null });
});
export const forPages = createForPages();
export const handler = forPages.handler;

export async function Account() {
  const { userRef } = await requireUser();
  return (
    <ConsentGate names={['address:shipping']} purpose="order_delivery" fallback={() => <p>{userRef}</p>}>
      {(shared) => <address>{shared.get('address:shipping')?.locality}</address>}
    </ConsentGate>
  );
}

export function Who() {
  const { status, user } = useUser();
  return <p>{user?.userRef ?? status}</p>;
}

export async function wrong() {
  // @ts-expect-error the site is not registered for this attribute
  await fetchAttributes(['contact:email'], { purpose: 'order_delivery' });
}
