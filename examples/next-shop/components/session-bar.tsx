'use client';
import { shortRef } from '@userref/example-express-shop/parts/short-ref.ts';
import { useUser } from '@userref/sdk-next/client';
import { useEffect, useRef } from 'react';
import { type EndReason, endSession, useSessionEnd } from '../lib/session-end.ts';

/** Who is signed in, and a calm word when that is over. */
export function SessionBar() {
  const { user } = useUser({ onEnd: noteEnd });
  const reason = useSessionEnd();
  const userRef = user?.userRef;
  useEffect(() => (userRef === undefined ? undefined : listenForEnd()), [userRef]);
  if (reason !== null) return <Ended reason={reason} />;
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

function noteEnd(): void {
  endSession('ended');
}

/** The webhook that ends the session reaches this tab within a moment. */
function listenForEnd(): () => void {
  const stream = new EventSource('/live');
  stream.addEventListener('signed-out', (event) => {
    stream.close();
    const { reason } = JSON.parse(event.data) as { reason: EndReason };
    endSession(reason);
  });
  return () => stream.close();
}

function Ended({ reason }: { reason: EndReason }) {
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => notice.current?.focus(), []);
  const title = reason === 'withdrawn' ? 'Access was withdrawn; you are signed out.' : 'You are signed out.';
  return (
    <div className="ended" data-signed-out-notice="" role="alert" tabIndex={-1} ref={notice}>
      <div>
        <p>
          <strong>{title}</strong> What you had shared has left this page.
        </p>
        <a className="button small" href="/">
          Back to the shop
        </a>
      </div>
    </div>
  );
}
