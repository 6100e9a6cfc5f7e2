import { UserrefError } from '@userref/sdk-core';

/** Next.js hides errors from the browser and shows their `digest`: with it, `error.tsx` knows the code. */
export function throwWithDigest(error: unknown): never {
  throw error instanceof UserrefError ? Object.assign(error, { digest: error.code }) : error;
}
