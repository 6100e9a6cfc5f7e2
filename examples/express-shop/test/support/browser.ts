import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** A browser without pages: keeps the shop's cookies and follows redirects. */
export interface Browser {
  readonly cookies: ReadonlyMap<string, string>;
  /** Opens a path of the shop, follows redirects wherever they lead, and gives the last answer. */
  open(path: string): Promise<Visit>;
  /** Submits a form of the shop's own page. */
  submit(path: string, fields?: Record<string, string>): Promise<Visit>;
}

export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const maxRedirects = 10;

export function createBrowser(shopUrl: string): Browser {
  const cookies = new Map<string, string>();

  const visit = async (url: string, form: Form | undefined, redirects: number): Promise<Visit> => {
    const answer = await load(url, { form, headers: cookiesFor(url, { shopUrl, cookies }) });
    if (url.startsWith(shopUrl)) storeCookies(answer.headers.getSetCookie(), cookies);
    const location = answer.headers.get('location');
    if (!location || redirects === maxRedirects) return answer;
    return visit(new URL(location, url).href, undefined, redirects + 1);
  };

  return {
    cookies,
    open: (path) => visit(new URL(path, shopUrl).href, undefined, 0),
    submit: (path, fields = {}) =>
      visit(
        new URL(path, shopUrl).href,
        { origin: shopUrl, body: new URLSearchParams(fields).toString() },
        0,
      ),
  };
}

interface Form {
  readonly origin: string;
  readonly body: string;
}

/** One request as a browser's page load sends it; `fetch` cannot, it always says that a script is asking. */
async function load(
  url: string,
  { form, headers }: { form: Form | undefined; headers: Record<string, string> },
): Promise<Visit> {
  const pageLoad = { accept: 'text/html', 'sec-fetch-mode': 'navigate', ...headers };
  const formHeaders = form && {
    origin: form.origin,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/x-www-form-urlencoded',
  };
  const outgoing = httpRequest(url, {
    agent: false,
    method: form ? 'POST' : 'GET',
    headers: { ...pageLoad, ...formHeaders },
  });
  outgoing.end(form?.body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { url, status: response.statusCode ?? 0, headers: headersOf(response), text: await text(response) };
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  return headers;
}

function cookiesFor(
  url: string,
  { shopUrl, cookies }: { shopUrl: string; cookies: ReadonlyMap<string, string> },
): Record<string, string> {
  if (!url.startsWith(shopUrl) || cookies.size === 0) return {};
  return { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') };
}

function storeCookies(setCookies: readonly string[], cookies: Map<string, string>): void {
  for (const setCookie of setCookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(setCookie) ?? [];
    if (/max-age=0(?:;|$)|expires=thu, 01 jan 1970/i.test(setCookie)) cookies.delete(name);
    else cookies.set(name, value);
  }
}
