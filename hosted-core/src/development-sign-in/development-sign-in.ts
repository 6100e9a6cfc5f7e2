import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Provider } from 'oidc-provider';
import { createDevelopmentProvider, type DevelopmentClient } from './provider.ts';
import { SAMPLE_PEOPLE, type SamplePerson } from './sample-people.ts';
import { SIGN_IN_POLICY, signInErrorPage, signInPage } from './sign-in-pages.ts';

export type { DevelopmentClient } from './provider.ts';
export { SAMPLE_PEOPLE, type SamplePerson } from './sample-people.ts';

export interface DevelopmentSignInOptions {
  /** Where to listen on 127.0.0.1; 0 takes a free port. */
  readonly port: number;
  /** The issuer, without a slash at the end. Default `http://localhost:{port}`. */
  readonly url?: string;
  readonly client: DevelopmentClient;
  /** Who can be chosen. Default {@link SAMPLE_PEOPLE}. */
  readonly people?: readonly SamplePerson[];
  /** `NODE_ENV` of the process. */
  readonly nodeEnv: string | undefined;
}

export interface DevelopmentSignIn {
  /** The issuer: put this in place of Logto's. */
  readonly url: string;
  readonly people: readonly SamplePerson[];
  close(): Promise<void>;
}

/**
 * Starts an OpenID provider on which anybody may be anybody, to stand in for Logto on a developer's machine
 * and in tests. Signing keys and sessions live in memory and end with the process.
 * @throws Error when `nodeEnv` is `production`
 */
export async function createDevelopmentSignIn(options: DevelopmentSignInOptions): Promise<DevelopmentSignIn> {
  if (options.nodeEnv === 'production') {
    throw new Error(
      'The development sign-in lets anybody in as anybody, so it refuses to start with NODE_ENV=production. ' +
        'Configure an upstream sign-in such as Logto instead.',
    );
  }
  const people = options.people ?? SAMPLE_PEOPLE;
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 16 * 1024 });
  let running: Running | undefined;
  const started = (): Running => {
    if (!running) throw new Error('not started');
    return running;
  };
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.setHeader('content-security-policy', SIGN_IN_POLICY);
    reply.raw.setHeader('referrer-policy', 'no-referrer');
    reply.raw.setHeader('x-content-type-options', 'nosniff');
  });
  await app.register(async (scope) => signInRoutes(scope, { started, people }));
  await app.register(async (scope) => protocolRoutes(scope, started));
  await app.listen({ port: options.port, host: '127.0.0.1' });

  // The issuer names the port, which may only now be known.
  const url = options.url ?? `http://localhost:${(app.server.address() as AddressInfo).port}`;
  const provider = createDevelopmentProvider({ issuer: url, client: options.client, people });
  running = { provider, handle: provider.callback() };
  return { url, people, close: () => app.close() };
}

interface Running {
  readonly provider: Provider;
  readonly handle: ReturnType<Provider['callback']>;
}

type SignInDependencies = { started: () => Running; people: readonly SamplePerson[] };

async function signInRoutes(scope: FastifyInstance, { started, people }: SignInDependencies): Promise<void> {
  await scope.register(formbody);
  scope.setErrorHandler((_error, _request, reply) =>
    reply.code(400).type('text/html; charset=utf-8').send(signInErrorPage('invalid_request')),
  );
  scope.get<{ Params: { uid: string } }>('/sign-in/:uid', async (request, reply) => {
    const { uid } = await started().provider.interactionDetails(request.raw, reply.raw);
    return reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(signInPage({ action: `/sign-in/${uid}`, people }));
  });
  scope.post<{ Body: { login?: string } }>('/sign-in/:uid', async (request, reply) => {
    const person = people.find((candidate) => candidate.login === request.body?.login);
    if (!person) throw new Error('unknown person');
    await leaveOtherPerson(started().provider, request.raw, reply.raw, person);
    reply.hijack();
    const login = { accountId: person.sub, amr: ['pwd'] };
    await started().provider.interactionFinished(
      request.raw,
      reply.raw,
      { login },
      { mergeWithLastSubmission: false },
    );
  });
}

/**
 * Ends the session of whoever this browser was before. The provider would do so too, but through a page
 * that posts itself by script.
 */
async function leaveOtherPerson(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  person: SamplePerson,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  if (!interaction.session || interaction.session.accountId === person.sub) return;
  const session = await provider.Session.findByUid(interaction.session.uid);
  await session?.destroy();
  delete interaction.session;
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
}

async function protocolRoutes(scope: FastifyInstance, started: () => Running): Promise<void> {
  // The provider reads bodies by itself.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
  scope.all('/*', (request, reply) => {
    reply.hijack();
    void started().handle(request.raw, reply.raw);
  });
}
