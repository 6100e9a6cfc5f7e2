import { KeyServiceError } from './key-service-error.ts';

/** Loads a package that only some installations have. Throws `KeyServiceError` `denied` that says how to get it. */
export async function loadPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new KeyServiceError('denied', `package ${name} is not installed: npm install ${name}`, { cause });
  }
}
