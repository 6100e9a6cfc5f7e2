'use client';
import { shortRef } from '@userref/example-express-shop/parts/short-ref.ts';
import { useUser } from '@userref/sdk-next/client';
import { useEffect } from 'react';
import { type EndReason, leavePage } from '../lib/leave-page.ts';

/** Who is signed in; the page is left when that is over. */
export function SessionBar() {
  const { user } = useUser({ onEnd: leaveQuietly });
  const userRef = user?.userRef;
  useEffect(() => (userRef === undefined ? undefined : listenForEnd()), [userRef]);
  if (user === null) return null;
  return (
    <div className="session">
      <p>
        <span className="dot" aria-hidden="true" />
        Signed in as{' '}
        <code className="ref" data-user-ref={user.userRef} title={user.userRef}>
          {shortRef(user.userRef)}
        </code>
        <span className="aside"> — your code in this shop, and only in this one</span>
      </p>
      <form method="post" action="/userref/logout">
        <button className="plain" type="submit">
          Sign out
        </button>
      </form>
    </div>
  );
}

function leaveQuietly(): void {
  leavePage('ended');
}

/** The webhook that ends the session reaches this tab within a moment. */
function listenForEnd(): () => void {
  const stream = new EventSource('/live');
  stream.addEventListener('signed-out', (event) => {
    stream.close();
    const { reason } = JSON.parse(event.data) as { reason: EndReason };
    leavePage(reason);
  });
  return () => stream.close();
}
