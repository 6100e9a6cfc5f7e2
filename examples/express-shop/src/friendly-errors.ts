import type { ErrorRequestHandler } from 'express';
import type { Page, RenderPage } from './view-engine.ts';

interface Notice {
  readonly status: number;
  readonly title: string;
  readonly message: string;
  readonly action: { readonly href: string; readonly label: string };
}

const backToShop = { href: '/', label: 'Back to the shop' };

const cancelled: Notice = {
  status: 403,
  title: 'Sign-in was cancelled',
  message: 'Nothing was shared, and your basket is as you left it.',
  action: backToShop,
};
const startAgain: Notice = {
  status: 400,
  title: 'That sign-in has gone stale',
  message: 'It was started too long ago, in another browser, or used already. Starting again takes a moment.',
  action: { href: '/userref/login', label: 'Start again' },
};
const noAddress: Notice = {
  status: 403,
  title: 'We need somewhere to send it',
  message:
    'Without a delivery address there is nothing we can ship. Nothing was ordered, nothing was shared.',
  action: { href: '/basket', label: 'Back to the basket' },
};
const away: Notice = {
  status: 503,
  title: 'We cannot reach the login service',
  message:
    'It does not answer just now. The shop is open and your basket is kept; please try again in a moment.',
  action: backToShop,
};
const unexpected: Notice = {
  status: 500,
  title: 'Something went wrong on our side',
  message: 'It has been noted. Please try again.',
  action: backToShop,
};

/** What people read for each code of the SDK. Codes that are not here are shown as `unexpected`. */
const notices: Readonly<Record<string, Notice>> = {
  login_denied: cancelled,
  login_state_missing: startAgain,
  login_state_mismatch: startAgain,
  login_expired: startAgain,
  consent_required: noAddress,
  consent_expired: noAddress,
  return_to_rejected: startAgain,
  discovery_failed: away,
  network_failed: away,
  token_exchange_failed: away,
  attributes_unavailable: away,
};

/** The last handler: turns any error into a calm page that names its code, and tells `onUnexpected` about defects. */
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
    const notice = error?.isTransient === true ? away : (notices[code] ?? unexpected);
    if (notice === unexpected) onUnexpected(error);
    if (notice === away) res.set('retry-after', '5');
    render(req, res, toPage(notice, code));
  };
}

function toPage({ status, title, message, action }: Notice, code: string): Page {
  return { view: 'notice', title, status, data: { message, action, code } };
}
