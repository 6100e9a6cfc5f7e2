'use client';
import { useUser } from '@userref/sdk-next/client';
import { usePathname } from 'next/navigation';
import { useSessionEnd } from '../lib/session-end.ts';

export function SignInOrOrders() {
  const { status } = useUser();
  const hasEnded = useSessionEnd() !== null;
  const page = usePathname();
  if (status === 'signed-in' && !hasEnded) return <a href="/orders">Orders</a>;
  return (
    <a className="button small" href={`/userref/login?${new URLSearchParams({ return_to: page })}`}>
      Sign in
    </a>
  );
}
