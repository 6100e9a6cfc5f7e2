import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FakeAnswer, type FakeRequest, readRequest, send } from './fake-answer.ts';
import { FakeExperience, PASSWORD } from './fake-experience.ts';
import { addApplication, FakeManagement } from './fake-management.ts';
import { FakeOidc } from './fake-oidc.ts';
import { FakeState, type FakeUser, newId } from './fake-state.ts';

export type { FakeUser } from './fake-state.ts';
export { PASSWORD };

const MANAGEMENT_ROLE_CLIENT = 'm-default';

/**
 * Logto as it was observed: answers what was recorded or follows from the contract, and 404 for the rest.
 * The seeded client of the admin tenant works here on the one issuer that there is.
 */
export async function startFakeLogto(options: { port?: number } = {}) {
  const state = new FakeState();
  const log: string[] = [];
  const faults: {
    /** Answers wait for it. */
    held: Promise<unknown> | undefined;
    answer: ((request: FakeRequest) => FakeAnswer | undefined) | undefined;
  } = { held: undefined, answer: undefined };
  let parts: { answer(request: FakeRequest): Promise<FakeAnswer | undefined> | FakeAnswer | undefined }[] =
    [];
  let origin = '';
  const server = createServer(async (message, response) => {
    const request = await readRequest(message, origin);
    log.push(`${request.method} ${request.url.pathname}`);
    await faults.held;
    const fault = faults.answer?.(request);
    if (fault) return send(response, fault);
    for (const part of parts) {
      const answer = await part.answer(request);
      if (answer) return send(response, answer);
    }
    send(response, { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' });
  });
  const listen = (port: number) =>
    new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  const oidc = new FakeOidc(state, origin);
  parts = [oidc, new FakeExperience(state, origin), new FakeManagement(state, origin)];
  const seeded = addApplication(state, { name: 'm-default', type: 'MachineToMachine' });
  state.applications.delete(seeded.id);
  const bootstrap = { ...seeded, id: MANAGEMENT_ROLE_CLIENT };
  state.applications.set(bootstrap.id, bootstrap);
  state.secrets.set(bootstrap.id, [{ name: 'Default secret', value: 'bootstrap-secret', createdAt: 0 }]);
  state.managers.add(bootstrap.id);

  return {
    state,
    oidc,
    origin,
    issuer: oidc.issuer,
    /** `METHOD /path` of every request so far. */
    log,
    faults,
    bootstrap: { clientId: bootstrap.id, clientSecret: 'bootstrap-secret' },
    /** Signs and sends an event to every hook that wants it, as Logto does: once. */
    sendWebhook: (event: string, fields: Record<string, unknown>) => sendWebhook(state, event, fields),
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
    restart: () => listen(port),
  };
}

export type FakeLogto = Awaited<ReturnType<typeof startFakeLogto>>;

async function sendWebhook(
  state: FakeState,
  event: string,
  fields: Record<string, unknown>,
): Promise<Response[]> {
  const answers: Response[] = [];
  for (const hook of state.hooks.values()) {
    if (!hook.events.includes(event)) continue;
    const body = JSON.stringify({
      event,
      createdAt: new Date(state.now()).toISOString(),
      ...fields,
      hookId: hook.id,
    });
    const answer = await deliver(hook.config.url, body, hook.signingKey).catch(() => undefined);
    noteDelivery(state, hook.id, { body, ok: answer?.ok === true });
    if (answer) answers.push(answer);
  }
  return answers;
}

/** As a hook's log does: what was sent, and whether it was answered with success. */
export function noteDelivery(
  state: FakeState,
  hookId: string,
  { body, ok }: { body: string; ok: boolean },
): void {
  const parsed = JSON.parse(body) as { event: string };
  const key = `TriggerHook.${parsed.event}`;
  const result = ok ? 'Success' : 'Error';
  state.deliveries.unshift({
    ...{ id: newId(21), key, createdAt: state.now() },
    payload: { key, result, hookId, hookRequest: { body: parsed } },
  });
}

/** A delivery with the headers that were recorded. */
export function deliver(url: string, body: string, signingKey: string): Promise<Response> {
  const signature = createHmac('sha256', signingKey).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'logto-signature-sha-256': signature,
    'user-agent': 'Logto (https://logto.io/)',
  };
  return fetch(url, { method: 'POST', headers, body });
}

/** What a webhook about a user says of them. */
export function aboutUser(user: FakeUser, route: string, method: string) {
  const { hasPassword: _hasPassword, ...data } = user;
  return {
    ...{ userAgent: 'node', ip: '::ffff:127.0.0.1', path: `/users/${user.id}${route}`, method, status: 200 },
    ...{ params: { userId: user.id }, matchedRoute: `/users/:userId${route}`, data },
  };
}
