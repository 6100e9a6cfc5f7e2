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
    if (!at.response.ok) throw new Error(`${at.url.pathname} answered ${at.response.status}`);
    const form = formFor(await at.response.text(), visitor);
    if (!form) return at;
    const action = new URL(form.action, at.url);
    const answer = await browser.fetch(action, { method: 'POST', body: form.fields });
    if (answer.status >= 400) throw new Error(`${action.pathname} answered ${answer.status}`);
    const next = new URL(answer.headers.get('location') ?? '', action);
    at = await browser.open(next.href, stopAt === undefined ? {} : { stopAt });
  }
  throw new Error('too many pages on the way');
}

interface FilledForm {
  readonly action: string;
  readonly fields: URLSearchParams;
}

function formFor(html: string, visitor: Visitor): FilledForm | undefined {
  const forms = html.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((one) => /name="(login|attribute)"/.test(one));
  if (form === undefined) return undefined;
  const action = (/ action="([^"]*)"/.exec(form)?.[1] ?? '').replace(/&(amp|#38);/g, '&');
  return { action, fields: fieldsFor(form, visitor) };
}

function fieldsFor(form: string, { login, shares = [] }: Visitor): URLSearchParams {
  if (form.includes('name="login"')) return new URLSearchParams({ login });
  const fields = new URLSearchParams({
    csrf: /name="csrf" value="([^"]+)"/.exec(form)?.[1] ?? '',
    duration: /name="duration" value="([^"]+)"[^>]* checked/.exec(form)?.[1] ?? '',
    decision: 'share',
  });
  for (const name of shares) fields.append('attribute', name);
  return fields;
}
