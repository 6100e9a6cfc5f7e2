'use client';
import { useEffect, useState } from 'react';

/** The basket and how many pieces are in it. */
export function BasketLink() {
  const [count, setCount] = useState(0);
  useEffect(() => setCount(countIn(document.cookie)), []);
  return (
    <a className="basket-link" href="/basket">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path
          d="M3 9h18l-2 11H5ZM8 9l3-6M16 9l-3-6M9 13v4M15 13v4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.7"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="basket-word">Basket</span>
      {count > 0 && (
        <span className="count" role="img" aria-label={`${count} in it`}>
          {count}
        </span>
      )}
    </a>
  );
}

function countIn(cookies: string): number {
  const value = /(?:^|; )basket_[a-z-]+=([^;]*)/.exec(cookies)?.[1] ?? '';
  return [...value.matchAll(/\.([1-9])/g)].reduce((sum, [, quantity]) => sum + Number(quantity), 0);
}
