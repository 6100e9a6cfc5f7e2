import type { Refusal } from '@userref/sdk-next';

/** Why something is not shown, with the code that the vault answered. */
export function Refused({ refusal: { code }, what }: { refusal: Refusal; what: string }) {
  const isRefused = code === 'consent_required' || code === 'consent_expired';
  return (
    <p className="refused">
      <span className="lock" aria-hidden="true" />
      <span>
        {isRefused
          ? `You do not share your ${what} with us. We asked, and were refused:`
          : `We cannot look up your ${what} at the moment:`}{' '}
        <code>{code}</code>
      </span>
    </p>
  );
}
