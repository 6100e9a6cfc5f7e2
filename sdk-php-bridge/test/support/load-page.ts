import { get as httpGet, type IncomingHttpHeaders } from 'node:http';

export interface LoadedPage {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** As a browser asks for a page; `fetch` says that it is a script. */
export function loadPage(url: string, headers: Readonly<Record<string, string>> = {}): Promise<LoadedPage> {
  const all = { accept: 'text/html', 'sec-fetch-mode': 'navigate', ...headers };
  return new Promise((done, fail) => {
    httpGet(url, { headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, text }));
    }).on('error', fail);
  });
}
