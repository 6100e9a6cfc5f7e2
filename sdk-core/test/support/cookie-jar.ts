/** What a browser keeps of `Set-Cookie`, as far as tests need it. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  store(setCookies: readonly string[]): this {
    for (const setCookie of setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(setCookie) ?? [];
      if (/Max-Age=0(?:;|$)/.test(setCookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return this;
  }

  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get names(): string[] {
    return [...this.#cookies.keys()];
  }

  get(name: string): string {
    return this.#cookies.get(name) ?? '';
  }

  set(name: string, value: string): this {
    this.#cookies.set(name, value);
    return this;
  }
}
