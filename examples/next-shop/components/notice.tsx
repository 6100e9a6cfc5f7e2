import type { ReactNode } from 'react';

export interface NoticeLink {
  readonly href: string;
  readonly label: string;
}

export interface NoticeProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: NoticeLink;
  /** A second way on. */
  readonly also?: NoticeLink;
  readonly code?: string | undefined;
}

const backToShop: NoticeLink = { href: '/', label: 'Back to the shop' };

/** A calm page with one thing to say. */
export function Notice({ title, children, action = backToShop, also, code }: NoticeProps) {
  return (
    <section className="card notice">
      <h1>{title}</h1>
      <p>{children}</p>
      <p>
        <a className="button" href={action.href}>
          {action.label}
        </a>{' '}
        {also && (
          <a className="button quiet" href={also.href}>
            {also.label}
          </a>
        )}
      </p>
      {code && (
        <p className="note">
          Code: <code>{code}</code>
        </p>
      )}
    </section>
  );
}
