/**
 * Times of sessions and of revocations are whole seconds, and in doubt a session is over: one that begins in the
 * second of a revocation ends with it. Waits until a new one is surely later.
 */
export function nextSecond(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_000 - (Date.now() % 1_000) + 20));
}
