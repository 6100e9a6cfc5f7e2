import { UserrefError } from '../errors/userref-error.ts';
import type { Services } from '../services.ts';

const LIST = /^\/status\/[a-z2-7]{26}$/;

/**
 * A list, to keep and to check passports with while offline. Only lists of the configured issuer are fetched:
 * an address out of a token leads nowhere else.
 * @throws UserrefError `passport_status_missing` for another address, `network_failed`
 */
export async function fetchStatusList({ options, transport }: Services, uri: string): Promise<string> {
  const { issuer } = options;
  if (!uri.startsWith(issuer) || !LIST.test(uri.slice(issuer.length))) {
    throw new UserrefError('passport_status_missing', { detail: 'It is no status list of this issuer.' });
  }
  const response = await transport(uri, { headers: { accept: 'application/statuslist+jwt' } });
  if (response.status !== 200) {
    throw new UserrefError('network_failed', { detail: `The status list answered with ${response.status}.` });
  }
  return response.text();
}
