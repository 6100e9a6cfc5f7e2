'use client';
import { useUser } from '@userref/sdk-next/client';
import { usePathname } from 'next/navigation';

export function SignInOrOrders() {
  const { status } = useUser();
  const page = usePathname();
  if (status === 'signed-in') return <a href="/orders">Orders</a>;
  return (
    <a className="button small" href={`/userref/login?${new URLSearchParams({ return_to: page })}`}>
      Sign in
    </a>
  );
}
