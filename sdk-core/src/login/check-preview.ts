import type { CoreConnection } from '../discovery/core-connection.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { ResolvedOptions } from '../options/options.ts';

/**
 * A preview signs people in at a core in test mode only, and by a pushed request, which shows that the site asks.
 * @throws UserrefError `preview_refused`
 */
export function checkPreview({ isPreview }: ResolvedOptions, { metadata }: CoreConnection): void {
  if (!isPreview) return;
  const isTest = metadata.userref_mode === 'test';
  if (isTest && metadata.pushed_authorization_request_endpoint !== undefined) return;
  const why = isTest ? 'takes no pushed requests' : 'is live';
  throw new UserrefError('preview_refused', {
    detail: `This core ${why}, so previews sign nobody in at it.`,
  });
}
