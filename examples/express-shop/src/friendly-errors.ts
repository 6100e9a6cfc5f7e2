import type { ErrorPage, RenderError } from '@userref/sdk-express';
import type { ErrorRequestHandler } from 'express';
import type { Page, RenderPage } from './view-engine.ts';

interface Link {
  readonly href: string;
  readonly label: string;
}

interface Notice {
  readonly title: string;
  readonly message: string;
  readonly action: Link;
  /** A second way on. */
  readonly also?: Link;
}

const backToShop = { href: '/', label: 'Back to the shop' };

const cancelled: Notice = {
  title: 'Sign-in was cancelled',
  message: 'Nothing was shared, and your basket is as you left it.',
  action: backToShop,
};
const startAgain: Notice = {
  title: 'That sign-in has gone stale',
  message: 'It was started too long ago, in another browser, or used already. Starting again takes a moment.',
  action: { href: '/userref/login', label: 'Start again' },
};
const noAddress: Notice = {
  title: 'We need somewhere to send it',
  message:
    'Without a delivery address there is nothing we can ship. Nothing was ordered, nothing was shared.',
  action: { href: '/checkout/share', label: 'Choose what to share' },
  also: { href: '/basket', label: 'Back to the basket' },
};
const away: Notice = {
  title: 'We cannot reach the login service',
  message:
    'It does not answer just now. The shop is open and your basket is kept; please try again in a moment.',
  action: backToShop,
};
const unexpected: Notice = {
  title: 'Something went wrong on our side',
  message: 'It has been noted. Please try again.',
  action: backToShop,
};

/** What the SDK refuses, in the shop's own words and layout. */
export function sdkErrors({ render }: { render: RenderPage }): RenderError {
  return (page, req, res) => {
    const notice = noticeFor(page);
    render(req, res, toPage(notice, page.status, notice === cancelled ? undefined : page.code));
  };
}

function noticeFor({ code, isTransient }: ErrorPage): Notice {
  if (code === 'login_denied') return cancelled;
  if (code.startsWith('consent_')) return noAddress;
  if (isTransient) return away;
  return /^(?:login_(?!request_)|issuer_mismatch|return_to_)/.test(code) ? startAgain : unexpected;
}

/** The last handler: a calm page for errors that a route met, which names their code. Defects go to `onUnexpected`. */
export function friendlyErrors({
  render,
  onUnexpected,
}: {
  render: RenderPage;
  onUnexpected: (error: unknown) => void;
}): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) return next(error);
    const code = typeof error?.code === 'string' ? error.code : 'internal_error';
    if (error?.isTransient === true) {
      res.set('retry-after', '5');
      return render(req, res, toPage(away, 503, code));
    }
    if (code.startsWith('consent_')) return render(req, res, toPage(noAddress, 403, code));
    if (code === 'session_revoked')
      return render(req, res, { view: 'sign-in-first', title: 'Sign in', status: 401 });
    onUnexpected(error);
    render(req, res, toPage(unexpected, 500, code));
  };
}

function toPage({ title, message, action, also }: Notice, status: number, code?: string): Page {
  return { view: 'notice', title, status, data: { message, action, also, code } };
}
