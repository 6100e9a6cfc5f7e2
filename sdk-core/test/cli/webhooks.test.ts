import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyWebhook } from '../../src/webhooks/verify-webhook.ts';
import { temporaryFolder, userref } from '../support/cli.ts';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const KEY = new Uint8Array(32).fill(5);
const folder = temporaryFolder();
let answer = 204;
const received: { headers: IncomingMessage['headers']; body: Buffer }[] = [];
const handler = createServer(async (request, response) => {
  received.push({ headers: request.headers, body: await buffer(request) });
  response.writeHead(answer).end();
});
const env = { USERREF_WEBHOOK_SECRET: SECRET };
let to = '';

beforeAll(async () => {
  await new Promise<void>((done) => handler.listen(0, '127.0.0.1', done));
  to = `http://localhost:${(handler.address() as AddressInfo).port}/userref/webhook`;
});
afterAll(() => {
  handler.close();
  folder.remove();
});

const verify = ({ headers, body }: (typeof received)[number]) =>
  verifyWebhook(
    { webhookKeys: [KEY], webhookPublicKeys: [], now: () => Math.floor(Date.now() / 1000) },
    { headers, body },
  );

describe('userref webhooks trigger', () => {
  it.each(['endpoint.test', 'access.revoked', 'consent.withdrawn', 'subject.erased', 'attributes.changed'])(
    'sends %s so that the SDK takes it',
    async (type) => {
      answer = 204;
      const { code, out } = await userref(['webhooks', 'trigger', type, '--to', to, '--json'], { env });
      expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ type, status: 204 })]);
      expect(await verify(received.at(-1) as never)).toMatchObject({ type });
    },
  );

  it('says what a refusal means, and ends with 1', async () => {
    answer = 401;
    const { code, out } = await userref(['webhooks', 'trigger', '--to', to], { env });
    expect([code, out]).toEqual([1, expect.stringContaining('USERREF_WEBHOOK_SECRET')]);
  });

  it('sends nothing to another machine', async () => {
    for (const url of [
      'https://shop.example/userref/webhook',
      'http://127.0.0.1.nip.example/',
      'file:///x',
    ]) {
      expect((await userref(['webhooks', 'trigger', '--to', url], { env })).code).toBe(2);
    }
  });

  it('never says the secret', async () => {
    const wrong = { USERREF_WEBHOOK_SECRET: 'whsec_hidden!!' };
    const { code, err } = await userref(['webhooks', 'trigger', '--to', to], { env: wrong });
    expect([code, err]).toEqual([1, expect.not.stringContaining('hidden')]);
  });

  it('guesses a misspelt event', async () => {
    const { code, err } = await userref(['webhooks', 'trigger', 'consent.withdrawm', '--to', to], { env });
    expect([code, err]).toEqual([2, expect.stringContaining('consent.withdrawn')]);
  });
});

describe('userref webhooks verify', () => {
  it('takes a recording as good at its time, and not when a byte differs or it is old', async () => {
    answer = 204;
    await userref(['webhooks', 'trigger', '--to', to], { env });
    const { headers, body } = received.at(-1) as (typeof received)[number];
    mkdirSync(folder.path, { recursive: true });
    const [headerFile, bodyFile] = [join(folder.path, 'headers.txt'), join(folder.path, 'body.json')];
    writeFileSync(
      headerFile,
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\r\n'),
    );
    writeFileSync(bodyFile, body);
    const args = ['webhooks', 'verify', '--headers', headerFile, bodyFile];
    expect(await userref(args, { env })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Good: endpoint.test/),
    });
    expect(await userref([...args, '--at', '2020-01-01T00:00:00Z'], { env })).toMatchObject({
      code: 1,
      out: expect.stringContaining('webhook_timestamp_invalid'),
    });
    writeFileSync(bodyFile, `${body} `);
    expect((await userref([...args, '--json'], { env })).out).toContain('webhook_signature_invalid');
  });

  it('asks for two files where the standard input cannot be both', async () => {
    const { code, err } = await userref(['webhooks', 'verify', '--headers', '-'], { env });
    expect([code, err]).toEqual([2, expect.stringContaining('at once')]);
  });
});

describe('userref webhooks listen', () => {
  it('says once that the core does not answer, however long that lasts', async () => {
    let asked = 0;
    const stop = new AbortController();
    const core = createServer((request, response) => {
      if (request.url?.includes('after=')) asked += 1;
      if (asked === 3) stop.abort();
      response.writeHead(asked === 0 ? 200 : 503, { 'content-type': 'application/json' });
      response.end(asked === 0 ? '{"events":[],"next":"7"}' : '{}');
    });
    await new Promise<void>((done) => core.listen(0, '127.0.0.1', done));
    const { port } = core.address() as AddressInfo;
    const site = {
      ...{ USERREF_ISSUER: `http://localhost:${port}`, USERREF_SITE: 'shop', USERREF_SITE_SECRET: 'x' },
      ...env,
    };
    const words = ['webhooks', 'listen', '--to', to];
    const { code, err } = await userref(words, { env: site, cwd: folder.path, signal: stop.signal });
    core.close();
    expect([code, err.match(/The core answered with 503/g)?.length]).toEqual([0, 1]);
  });
});
