import { open } from 'node:fs/promises';
import { KeyServiceError } from './key-service-error.ts';

const OTHERS = 0o007;
const MAX_BYTES = 64 * 1024;

/**
 * Reads a file with a PIN, token or service account, without white space at its ends. Read for every use,
 * since agents replace such files while we run. A group may read it, as orchestrators mount secrets;
 * others may not.
 *
 * Throws `KeyServiceError` `denied` that says what is wrong with the file.
 */
export async function readCredentialsFile(path: string | undefined, what: string): Promise<string> {
  if (path === undefined) throw new KeyServiceError('denied', `USERREF_KMS_CREDENTIALS_FILE needs ${what}`);
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new KeyServiceError('denied', `credentials file ${path} cannot be read (${cause.code})`);
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile() || facts.size > MAX_BYTES)
      throw new KeyServiceError('denied', `credentials file ${path} is not a file with ${what}`);
    if (process.geteuid && (facts.mode & OTHERS) !== 0)
      throw new KeyServiceError('denied', `credentials file ${path} is open to others: chmod o= ${path}`);
    const text = (await file.readFile('utf8')).trim();
    if (text === '') throw new KeyServiceError('denied', `credentials file ${path} is empty`);
    return text;
  } finally {
    await file.close();
  }
}
