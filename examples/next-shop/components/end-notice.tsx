'use client';
import { useEffect, useRef, useState } from 'react';

/** A calm word about what has happened. */
export function EndNotice() {
  const notice = useRef<HTMLElement>(null);
  const [isWithdrawn, setWithdrawn] = useState(false);
  useEffect(() => {
    setWithdrawn(new URLSearchParams(window.location.search).get('reason') === 'withdrawn');
    notice.current?.focus();
  }, []);
  return (
    <section className="card notice" data-signed-out-notice="" role="alert" tabIndex={-1} ref={notice}>
      <h1>{isWithdrawn ? 'Access was withdrawn; you are signed out.' : 'You are signed out.'}</h1>
      <p>What you had shared has left this page.</p>
      <p>
        <a className="button" href="/">
          Back to the shop
        </a>
      </p>
    </section>
  );
}
