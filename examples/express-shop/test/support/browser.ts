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

  const request = async (url: string, init: RequestInit, redirects: number): Promise<Visit> => {
    const headers = { accept: 'text/html', ...init.headers, ...cookiesFor(url, { shopUrl, cookies }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    if (url.startsWith(shopUrl)) storeCookies(response.headers.getSetCookie(), cookies);
    const location = response.headers.get('location');
    if (location && redirects < maxRedirects) {
      await response.body?.cancel();
      return request(new URL(location, url).href, { method: 'GET' }, redirects + 1);
    }
    return { url, status: response.status, headers: response.headers, text: await response.text() };
  };

  return {
    cookies,
    open: (path) => request(new URL(path, shopUrl).href, { method: 'GET' }, 0),
    submit: (path, fields = {}) => {
      const headers = { origin: shopUrl, 'sec-fetch-site': 'same-origin' };
      const body = new URLSearchParams(fields);
      return request(new URL(path, shopUrl).href, { method: 'POST', headers, body }, 0);
    },
  };
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
