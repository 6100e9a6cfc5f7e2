import { addressLines } from '@userref/example-express-shop/parts/shared-attribute.ts';

/** `address:shipping` as a label. `null`: the visitor shares it and has none. */
export function SharedAddress({ value }: { value: unknown }) {
  const lines = addressLines(value);
  if (lines.length === 0) {
    return (
      <p className="refused">
        <span className="lock" aria-hidden="true" />
        <span>You allow it, but there is no address in your vault.</span>
      </p>
    );
  }
  return (
    <>
      <address className="label">
        {lines.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </address>
      <FetchedJustNow />
    </>
  );
}

export function FetchedJustNow() {
  return (
    <p className="note live-note">
      <span className="dot" aria-hidden="true" />
      Fetched from your vault just now. Not stored here.
    </p>
  );
}
