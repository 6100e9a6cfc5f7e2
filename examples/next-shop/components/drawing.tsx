import { art } from '../lib/brand.ts';

/** One of the shop's own drawings, inline so that it follows the page's colours. */
export function Drawing({ name, className }: { name: string; className: string }) {
  const markup = { __html: art[name] ?? '' };
  // biome-ignore lint/security/noDangerouslySetInnerHtml: files of this repository, by a name of the catalogue
  return <span className={className} aria-hidden="true" dangerouslySetInnerHTML={markup} />;
}
