import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogtoManagement } from '../../src/cell/upstream/management/logto-management.ts';
import { createOutboundFetch } from '../../src/outbound/outbound-fetch.ts';
import { type FakeLogto, startFakeLogto } from '../support/fake-logto/fake-logto.ts';

const CELL = 'https://eu.id.example.test';
let logto: FakeLogto;
beforeEach(async () => {
  logto = await startFakeLogto();
});
afterEach(() => logto.stop());

describe('The client of the Management API', () => {
  const client = (wish = {}) =>
    new LogtoManagement({
      ...{ endpoint: logto.origin, ...logto.bootstrap, backoffMs: 5 },
      fetch: createOutboundFetch({ policy: 'any', timeoutMs: 20_000, maxBytes: 1_000_000 }),
      ...wish,
    });

  it('asks for one token however many requests wait, and for a new one when it has run out', async () => {
    const management = client();
    await Promise.all(Array.from({ length: 10 }, () => management.findUser('nobody')));
    const tokens = () => logto.log.filter((line) => line === 'POST /oidc/token').length;
    expect(tokens()).toBe(1);
    for (const token of logto.state.managementTokens.values()) token.expiresAt = 0;
    expect(await management.findUser('nobody')).toBeUndefined();
    expect(tokens()).toBe(2);
  });

  it('tries again after a fault, and gives up after the fourth', async () => {
    const management = client();
    let faults = 3;
    logto.faults.answer = ({ url }) =>
      url.pathname.startsWith('/api/') && faults-- > 0 ? { status: 503, headers: {}, body: '' } : undefined;
    expect(await management.findUser('nobody')).toBeUndefined();
    faults = 100;
    await expect(management.findUser('nobody')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(faults).toBe(96);
  });

  it('does not repeat what makes something', async () => {
    let asked = 0;
    logto.faults.answer = ({ url }) => {
      if (url.pathname !== '/api/hooks') return undefined;
      asked += 1;
      return { status: 503, headers: {}, body: '' };
    };
    const wish = { name: 'x', events: [], url: 'https://example.test' };
    await expect(client().createHook(wish)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked).toBe(1);
  });

  it('suspends, ends sessions with their grants, revokes grants, rotates keys and adds secrets', async () => {
    const management = client();
    const user = logto.state.addUser('amber');
    await management.suspendUser(user.id, true);
    expect((await management.findUser(user.id))?.isSuspended).toBe(true);
    expect(await management.listSessions(user.id)).toEqual([]);
    expect(await management.listGrants(user.id)).toEqual([]);
    await management.endSession(user.id, 'nope');
    await management.revokeGrant(user.id, 'nope');
    const { id, signingKey } = await management.createHook({
      name: 'x',
      events: ['User.Deleted'],
      url: CELL,
    });
    expect(await management.rotateHookKey(id)).not.toBe(signingKey);
    const [application] = await management.listApplications();
    const secret = await management.addApplicationSecret(application?.id ?? '', 'rotated');
    expect((await management.applicationSecrets(application?.id ?? '')).map(({ value }) => value)).toContain(
      secret,
    );
    expect(await management.deleteUser(user.id)).toBe(true);
    expect(await management.deleteUser(user.id)).toBe(false);
  });

  it('keeps the pace that it was given', async () => {
    const management = client({ requestsPerSecond: 50 });
    const started = performance.now();
    for (let index = 0; index < 10; index += 1) await management.findUser('nobody');
    // Nine waits of 20 ms, of which a timer may take off one each.
    expect(performance.now() - started).toBeGreaterThan(9 * 19);
  });
});
