'use client';
import { shortRef } from '@userref/example-express-shop/parts/short-ref.ts';
import { useUser } from '@userref/sdk-next/client';

/** The one part of the start page that knows somebody; the page itself is static. */
export function Greeting() {
  const { user, status } = useUser();
  if (status === 'loading') return <p className="hero-actions greeting-place" />;
  if (user !== null) {
    return (
      <p className="hello">
        Good to see you again, <code className="ref">{shortRef(user.userRef)}</code>
      </p>
    );
  }
  return (
    <p className="hero-actions">
      <a className="button" href="/userref/login?return_to=/">
        Sign in, no name needed
      </a>
    </p>
  );
}
