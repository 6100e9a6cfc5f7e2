import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stub does instead of its work, and how often. */
export type StubFault = 'throttle' | 'hang' | 'outage' | 'broken' | 'disabled' | 'corrupt';

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface StubAnswer {
  readonly status: number;
  readonly json: unknown;
}

/**
 * A protocol STUB, not a service: it speaks as much of a protocol as our driver uses, checks everything that
 * it receives, and can be told to fail. What it does not accept stands in `problems`, which tests read.
 */
export class StubServer {
  readonly problems: string[] = [];
  /** Requests that were taken, those included that a fault then spoiled. */
  requests = 0;
  /** Requests whose sender went away before there was an answer. */
  abandoned = 0;
  #fault: { kind: StubFault; times: number } | undefined;
  readonly #answer: (request: StubRequest, fault: StubFault | undefined) => StubAnswer;
  readonly #server = createServer((request, response) => {
    this.#take(request, response).catch((error: Error) => {
      this.problems.push(error.message);
      response.writeHead(500).end();
    });
  });

  constructor(answer: (request: StubRequest, fault: StubFault | undefined) => StubAnswer) {
    this.#answer = answer;
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next `times` requests meet this fault. */
  fail(kind: StubFault, times = Number.POSITIVE_INFINITY): void {
    this.#fault = { kind, times };
  }

  heal(): void {
    this.#fault = undefined;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    this.requests += 1;
    const fault = this.#nextFault();
    if (fault === 'outage') {
      request.socket.destroy();
      return;
    }
    if (fault === 'hang') {
      response.on('close', () => {
        this.abandoned += 1;
      });
      return;
    }
    if (fault === 'broken') {
      response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Service Unavailable</h1>');
      return;
    }
    const { method = '', url: path = '', headers } = request;
    const answer = this.#answer({ method, path, headers: headers as Record<string, string>, body }, fault);
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.json));
  }

  #nextFault(): StubFault | undefined {
    if (!this.#fault || this.#fault.times <= 0) return undefined;
    this.#fault.times -= 1;
    return this.#fault.kind;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
