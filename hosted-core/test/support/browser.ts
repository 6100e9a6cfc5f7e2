/** A cookie jar that follows redirects by hand, as far as a test needs a browser without pages. */
export class Browser {
  readonly #cookies = new Map<string, { value: string; path: string; host: string }>();

  /** Follows redirects until an answer that is none, or one that leads to `stopAt`. */
  async open(url: string, { stopAt }: { stopAt?: string } = {}): Promise<{ url: URL; response: Response }> {
    let next = new URL(url);
    for (let hop = 0; hop < 15; hop += 1) {
      if (stopAt && next.href.startsWith(stopAt)) return { url: next, response: new Response(null) };
      const response = await this.fetch(next);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || !location) return { url: next, response };
      await response.arrayBuffer();
      next = new URL(location, next);
    }
    throw new Error('too many redirects');
  }

  async fetch(url: URL | string, init: RequestInit = {}): Promise<Response> {
    const target = new URL(url);
    const cookie = [...this.#cookies]
      .filter(([, one]) => one.host === target.hostname && target.pathname.startsWith(one.path))
      .map(([key, one]) => `${key.split('|')[0]}=${one.value}`)
      .join('; ');
    const headers = new Headers(init.headers);
    if (cookie) headers.set('cookie', cookie);
    const response = await fetch(target, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#keep(line, target.hostname);
    // All is read, also when the test does not: Node's fetch takes offence at a connection that ends before.
    response
      .clone()
      .arrayBuffer()
      .catch(() => {});
    return response;
  }

  /** All cookies, for tampering and for searching. */
  get cookies(): ReadonlyMap<string, { value: string; path: string; host: string }> {
    return this.#cookies;
  }

  /** Loses a cookie by its name. */
  forget(name: string): void {
    for (const key of this.#cookies.keys()) if (key.startsWith(`${name}|`)) this.#cookies.delete(key);
  }

  #keep(line: string, host: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/);
    const at = pair.indexOf('=');
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
    const key = `${pair.slice(0, at)}|${path}`;
    const gone = attributes.some((one) => /^(max-age=0$|expires=thu, 01 jan 1970)/i.test(one));
    if (gone || pair.slice(at + 1) === '') this.#cookies.delete(key);
    else this.#cookies.set(key, { value: pair.slice(at + 1), path, host });
  }
}
