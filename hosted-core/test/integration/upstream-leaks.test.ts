import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aboutUser } from '../support/fake-logto/fake-logto.ts';
import { type LogtoHouse, startLogtoHouse } from '../support/logto-house.ts';
import { leaks, recordOutboundBytes } from '../support/outbound-bytes.ts';
import { until } from '../support/until.ts';

const HINT = 'canary.hint@example.test';

let house: LogtoHouse;
let logged = '';
let webhooks = '';
let recorder: ReturnType<typeof recordOutboundBytes>;
const receiver = createServer((request, response) => {
  request.on('data', (chunk) => {
    webhooks += String(chunk);
  });
  request.on('end', () => response.writeHead(200).end());
});

beforeAll(async () => {
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const log = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  house = await startLogtoHouse({ receiver, log });
  recorder = recordOutboundBytes(isOfTheHouse);
});
afterAll(async () => {
  recorder.stop();
  await house.close();
  receiver.close();
});

/** Not what goes to or comes from Logto, the database, or the test's own browser. */
function isOfTheHouse({ localPort, remotePort }: Socket): boolean {
  if (localPort === house.ports.core || localPort === house.ports.cell) return true;
  const others = [house.ports.logto, house.ports.database, house.ports.core, house.ports.cell];
  return ![localPort, remotePort].some((port) => port === undefined || others.includes(port));
}

/** Ids, tokens and codes: all that Logto gave us about somebody. */
function secretsOfLogto(): string[] {
  const { state } = house.logto;
  return [
    ...[...state.users.keys(), ...state.codes.keys(), ...state.idTokens],
    ...[state.refreshTokens, state.accessTokens, state.managementTokens].flatMap((one) => [...one.keys()]),
    ...[...state.sessions.values()].flatMap(({ uid, cookie, sids }) => [uid, cookie, ...sids.values()]),
  ];
}

describe('What the core and the cell send out', () => {
  it('has nothing of Logto’s in it: answers, tokens, webhooks, log, database', async () => {
    const { logto, browser } = house;
    const user = logto.state.addUser('amber', {
      ...{ name: 'Sample Person', primaryEmail: 'amber@example.test' },
    });
    const tokens = await house.login(browser, 'amber', { login_hint: HINT });
    await house.readAttributes(tokens);
    await house.visitAccount(browser);
    const secrets = secretsOfLogto();
    expect(logto.state.refreshTokens.size).toBe(1);
    user.isSuspended = true;
    await logto.sendWebhook('User.SuspensionStatus.Updated', aboutUser(user, '/is-suspended', 'PATCH'));
    await until(() => webhooks.includes('access.revoked'));
    const sent = recorder.text();
    for (const sign of ['HTTP/1.1 200', 'ppid_', 'access_token', 'Sample Person', 'access.revoked'])
      expect(sent).toContain(sign);
    expect(sent).not.toMatch(/content-encoding/i);
    const kept = await house.dump();
    expect(kept).toContain('ppid_');
    // The code comes by the address of the callback, which the person's own browser asks for.
    const all = [...new Set([...secrets, ...secretsOfLogto()])];
    expect(all.length).toBeGreaterThan(8);
    for (const secret of all) {
      expect(secret.length).toBeGreaterThan(10);
      for (const [where, text] of Object.entries({ sent, logged, kept }))
        expect(leaks(text, secret), `a secret of the sign-in service: ${where}`).toBe(false);
    }
  });

  it('has the login hint on its way to Logto alone', async () => {
    const sent = recorder.text().replace(/location: http:\/\/127\.0\.0\.1:\d+\/oidc\/auth\?\S+/gi, '');
    expect(recorder.text()).toContain(encodeURIComponent(HINT));
    for (const text of [sent, logged, webhooks, await house.dump()]) expect(leaks(text, HINT)).toBe(false);
  });
});

describe('The search', () => {
  it('finds what anybody in this process sends, in whatever writing', async () => {
    const secret = [...house.logto.state.users.keys()][0] ?? '';
    const payload = Buffer.from(JSON.stringify({ iss: 'x', sub: secret })).toString('base64url');
    const planted = [
      secret,
      `eyJhbGciOiJub25lIn0.${payload}.x`,
      Buffer.from(secret).toString('hex'),
      Buffer.from(`{"id":"${secret}"}`).toString('base64'),
    ];
    for (const text of planted) {
      const before = recorder.text().length;
      const server = createServer((_request, response) => response.end(text));
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).text();
      server.close();
      expect(leaks(recorder.text().slice(before), secret)).toBe(true);
    }
  });
});
