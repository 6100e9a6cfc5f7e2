import { parse } from 'tldts';
import { UserrefError } from '../../errors/userref-error.ts';

/**
 * `https://*--shop.netlify.app`, `https://*.preview.shop.example`, `http://*.localhost:3000`: one `*`, in the first label;
 * lower-case ASCII. Named by group, since the parts decide what the `*` may stand for.
 */
const PATTERN =
  /^(?<scheme>https?):\/\/(?<before>[a-z0-9-]*)\*(?<after>[a-z0-9-]*)(?<rest>(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+)(?<port>:[1-9]\d{0,4})?$/;
const MOST_PATTERNS = 10;
const LONGEST = 253;
/** Fixed characters that tell the deployments of one customer from those of others on a shared host. */
const FEWEST_OF_OWN = 4;

/**
 * What previews of a site may be registered as. The rules keep a pattern to hosts that one owner gives out.
 * @throws UserrefError `invalid_request` that says which rule was broken
 */
export function checkPreviewPatterns(patterns: readonly string[]): void {
  const problem =
    patterns.length > MOST_PATTERNS
      ? `Previews take ${MOST_PATTERNS} patterns at the most.`
      : patterns.map(problemOf).find(Boolean);
  if (problem) throw new UserrefError('invalid_request', { detail: problem });
}

function problemOf(pattern: string): string | undefined {
  const parts = PATTERN.exec(pattern)?.groups as Record<string, string> | undefined;
  if (!parts || pattern.length > LONGEST)
    return 'A preview pattern is an origin with one * in its first label, in lower case, such as https://*--shop.netlify.app.';
  const { scheme, before = '', after = '', rest = '', port } = parts;
  const parent = rest.slice(1);
  if (before.startsWith('xn--')) return 'A preview pattern must not stand for names in other scripts (xn--).';
  if (scheme === 'http')
    return parent === 'localhost' ? undefined : 'A preview pattern uses https (http only below localhost).';
  if (port) return 'A preview pattern with https has no port.';
  const { publicSuffix, isPrivate } = parse(parent, { allowPrivateDomains: true });
  if (!parent.includes('.') || /\.\d+$/.test(rest) || (publicSuffix === parent && !isPrivate))
    return `A preview pattern stands below a name that somebody registered, which ${parent} is not.`;
  if (publicSuffix !== parent) return undefined;
  // Anybody may get a name directly below it, so the label itself has to say whose it is.
  return after.startsWith('-') && after.replace(/^-+/, '').length >= FEWEST_OF_OWN
    ? undefined
    : `Anybody can have a name below ${parent}: end the first label with what is yours alone, such as https://*--your-site.${parent}.`;
}

/**
 * Whether an address is one of the registered ones, moved to a preview's origin. Compared as text, the origin by its
 * pattern and the rest exactly, so that no two programs can read it differently.
 */
export function isPreviewOf(
  uri: string,
  site: { readonly redirectUris: readonly string[]; readonly previewPatterns: readonly string[] },
): boolean {
  return site.previewPatterns.some((pattern) => {
    const origin = originPattern(pattern).exec(uri)?.[0];
    if (origin === undefined || labelOf(origin).length > 63 || labelOf(origin).startsWith('xn--'))
      return false;
    const rest = uri.slice(origin.length);
    return site.redirectUris.some(
      (registered) => registered.slice(new URL(registered).origin.length) === rest,
    );
  });
}

function originPattern(pattern: string): RegExp {
  const [before = '', after = ''] = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${before}[a-z0-9](?:[a-z0-9-]*[a-z0-9])?${after}`);
}

function labelOf(origin: string): string {
  return origin.slice(origin.indexOf('//') + 2, origin.indexOf('.'));
}
