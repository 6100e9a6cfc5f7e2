import { type Dispatcher, Pool } from 'undici';

export interface HttpRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Keep-alive connections to one address of loopback, with as little work on this side as possible. */
export class HttpClient {
  readonly #pool: Pool;

  constructor(origin: string, connections: number) {
    const { hostname } = new URL(origin);
    if (hostname !== 'localhost' && hostname !== '127.0.0.1') throw new Error('benchmarks stay on loopback');
    this.#pool = new Pool(origin, { connections, pipelining: 1 });
  }

  send({ method = 'GET', path, headers = {}, body }: HttpRequest) {
    return new Promise<HttpAnswer>((done, fail) => {
      this.#pool.dispatch(
        { method, path, headers, body: body ?? null } as Dispatcher.DispatchOptions,
        collector(done, fail),
      );
    });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

function collector(done: (answer: HttpAnswer) => void, fail: (error: Error) => void) {
  let status = 0;
  let headers: HttpAnswer['headers'] = {};
  let body = '';
  return {
    onRequestStart() {},
    onResponseStart(_controller: unknown, code: number, received: HttpAnswer['headers']) {
      status = code;
      headers = received;
    },
    onResponseData(_controller: unknown, chunk: Buffer) {
      body += chunk.toString('utf8');
    },
    onResponseEnd() {
      done({ status, headers, body });
    },
    onResponseError(_controller: unknown, error: Error) {
      fail(error);
    },
  };
}
