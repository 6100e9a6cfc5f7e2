import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { aboutUser } from '../support/fake-logto/fake-logto.ts';
import { startLogtoHouse } from '../support/logto-house.ts';

it('Logto’s sub and tokens are in no byte that the core or the cell sends out', async () => {
  const heard: string[] = [];
  const receiver = createServer((request, response) => {
    request.on('data', (chunk) => heard.push(String(chunk)));
    request.on('end', () => response.writeHead(200).end());
    heard.push(JSON.stringify(request.headers), request.url ?? '');
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const log = new Writable({
    write(chunk, _encoding, done) {
      heard.push(String(chunk));
      done();
    },
  });
  const house = await startLogtoHouse({ receiver, log });
  const { logto, browser } = house;
  const user = logto.state.addUser('amber', { name: 'Sample Person', primaryEmail: 'amber@example.test' });
  const tokens = await house.login(browser, 'amber');
  await house.readAttributes(tokens);
  const refreshTokens = [...logto.state.refreshTokens.keys()];
  const accessTokens = [...logto.state.accessTokens.keys()];
  expect(refreshTokens).toHaveLength(1);
  await house.visitAccount(browser);
  user.isSuspended = true;
  await logto.sendWebhook('User.SuspensionStatus.Updated', aboutUser(user, '/is-suspended', 'PATCH'));
  await house.untilWebhook(() => heard.some((text) => text.includes('access.revoked')));
  const sent = [...browser.seen, ...house.answers, ...heard].join('\n');
  expect(sent).toContain('ppid_');
  const secrets = [user.id, ...refreshTokens, ...accessTokens, ...logto.state.idTokens];
  for (const secret of [...secrets, ...logto.state.managementTokens.keys()]) {
    expect(secret.length).toBeGreaterThan(10);
    for (const form of [
      secret,
      Buffer.from(secret).toString('base64url'),
      Buffer.from(secret).toString('hex'),
    ])
      expect(sent.includes(form), 'a secret of the upstream went out').toBe(false);
  }
  await house.close();
  receiver.close();
});
