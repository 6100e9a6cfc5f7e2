import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly location: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Only for the host that set it. */
  readonly isOfHost: boolean;
  readonly path: string;
}

/** A browser for names that no resolver knows: every host is this machine. Cookies go by their domain and path. */
export class DomainBrowser {
  #cookies: Cookie[] = [];

  /** Follows redirects, and gives every page on the way. */
  async open(url: string): Promise<Page[]> {
    const pages: Page[] = [];
    for (let next: URL | undefined = new URL(url); next !== undefined && pages.length < 15; ) {
      const page = await this.get(next.href);
      pages.push(page);
      next = page.location === undefined ? undefined : new URL(page.location, page.url);
    }
    return pages;
  }

  async get(address: string): Promise<Page> {
    const url = new URL(address);
    const answer = await new Promise<IncomingMessage>((done, fail) => {
      const headers = { host: url.host, cookie: this.#cookiesFor(url), accept: 'text/html' };
      const path = `${url.pathname}${url.search}`;
      request({ host: '127.0.0.1', port: url.port, path, headers }, done).on('error', fail).end();
    });
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line, url);
    const { location } = answer.headers;
    return {
      url,
      location,
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      body: await text(answer),
    };
  }

  #cookiesFor({ hostname, pathname }: URL): string {
    const fits = ({ domain, isOfHost, path }: Cookie) =>
      (hostname === domain || (!isOfHost && hostname.endsWith(`.${domain}`))) && pathname.startsWith(path);
    return this.#cookies
      .filter(fits)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep(line: string, { hostname }: URL): void {
    const [pair = '', ...attributes] = line.split(/;\s*/);
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const attribute = (wanted: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const domain = attribute('domain')?.replace(/^\./, '');
    const path = attribute('path') ?? '/';
    const cookie = { name, value, path, domain: domain ?? hostname, isOfHost: domain === undefined };
    this.#cookies = this.#cookies.filter((one) => one.name !== name || one.path !== path);
    const isOver = attribute('max-age') === '0' || Date.parse(attribute('expires') ?? '') < Date.now();
    if (!isOver) this.#cookies.push(cookie);
  }
}
