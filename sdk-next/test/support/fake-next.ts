import { vi } from 'vitest';

/** What `next/headers` and `next/navigation` do for the request of a test. */
export const nextRequest: { headers: Headers | null } = { headers: null };

/** What `redirect()` throws, as Next.js lets nothing after it run. */
export class Redirected extends Error {
  readonly location: string;

  constructor(location: string) {
    super('NEXT_REDIRECT');
    this.location = location;
  }
}

/** At build time `headers()` ends the render; nothing after it may have happened before. */
export class NotStatic extends Error {}

export function mockNext(): void {
  vi.mock('next/headers', () => ({
    headers: async () => {
      if (nextRequest.headers === null) throw new NotStatic();
      return nextRequest.headers;
    },
  }));
  vi.mock('next/navigation', () => ({
    redirect: (location: string) => {
      throw new Redirected(location);
    },
  }));
}
