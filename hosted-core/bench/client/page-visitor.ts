import type { Browser } from '../../test/support/browser.ts';

export interface Visitor {
  /** Their button at the development sign-in. */
  readonly login: string;
  /** What they tick on the consent page. Default: nothing. */
  readonly shares?: readonly string[];
}

const MOST_PAGES = 6;

/**
 * Goes to an address and answers the pages on the way as a person would: signs in, decides on a consent.
 * Ends at the first address that begins with `stopAt`, or at the first page without such a form.
 */
export async function visit(
  browser: Browser,
  url: string,
  visitor: Visitor,
  { stopAt }: { stopAt?: string } = {},
): Promise<{ url: URL; response: Response }> {
  let at = await browser.open(url, stopAt === undefined ? {} : { stopAt });
  for (let page = 0; page < MOST_PAGES; page += 1) {
    if (stopAt !== undefined && at.url.href.startsWith(stopAt)) return at;
    const html = await at.response.text();
    if (!at.response.ok) throw new Error(`${at.url.pathname} answered ${at.response.status}`);
    const fields = fieldsFor(html, visitor);
    if (!fields) return at;
    const action = new URL(
      /<form[^>]* action="([^"]*)"/.exec(html)?.[1]?.replace(/&(amp|#38);/g, '&') ?? '',
      at.url,
    );
    const answer = await browser.fetch(action, { method: 'POST', body: fields });
    const next = new URL(answer.headers.get('location') ?? '', action);
    if (answer.status >= 400) throw new Error(`${action.pathname} answered ${answer.status}`);
    at = await browser.open(next.href, stopAt === undefined ? {} : { stopAt });
  }
  throw new Error('too many pages on the way');
}

function fieldsFor(html: string, { login, shares = [] }: Visitor): URLSearchParams | undefined {
  if (html.includes('name="login"')) return new URLSearchParams({ login });
  if (!html.includes('name="attribute"')) return undefined;
  const fields = new URLSearchParams({
    csrf: /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '',
    duration: /name="duration" value="([^"]+)"[^>]* checked/.exec(html)?.[1] ?? '',
    decision: 'share',
  });
  for (const name of shares) fields.append('attribute', name);
  return fields;
}
