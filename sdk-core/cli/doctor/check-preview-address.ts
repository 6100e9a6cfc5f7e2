import type { SiteDescription } from '../site/site-description.ts';
import { bad, type Finding, good } from './finding.ts';

/** Whether the core will take this deployment for a preview of the site. */
export function checkPreviewAddress(
  { site, mode, preview_patterns: patterns = [] }: SiteDescription,
  previewOrigin: string,
): Finding {
  if (mode !== 'test') {
    return bad(
      'redirects',
      `Logins will come back to ${previewOrigin}, and this core is live: it takes registered addresses only.`,
      'Use a core in test mode (USERREF_MODE=test), or leave USERREF_PREVIEW_ORIGIN out where this is no preview.',
    );
  }
  const pattern = patterns.find((one) => fits(previewOrigin, one));
  if (pattern) return good('redirects', `${previewOrigin} is a preview by the pattern ${pattern}.`);
  return bad(
    'redirects',
    `Logins will come back to ${previewOrigin}, which fits no pattern of the site. Patterns: ${patterns.join(', ') || 'none'}.`,
    `Have what your previews have in common registered: userref-core sites previews ${site} PATTERN`,
  );
}

function fits(origin: string, pattern: string): boolean {
  const [before = '', after = ''] = pattern.split('*');
  const star = origin.slice(before.length, origin.length - after.length);
  return origin === before + star + after && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(star);
}
