import { setTimeout } from 'node:timers/promises';
import type { Express } from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { optionsFor } from '../../sdk-core/test/support/site.ts';
import { memorySessionStore, requireUser, userref, userrefErrors } from '../src/index.ts';
import { useShop } from './support/shop.ts';

const shop = useShop();
const { core, clock } = shop;
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

/** A shop that gives up on a request before the SDK does, as timeouts do. `gaveUp` resolves when it has. */
function impatient(revocations = memorySessionStore()) {
  const told: unknown[] = [];
  const { promise: gaveUp, resolve: giveUp } = Promise.withResolvers<void>();
  const build = (app: Express) => {
    app.use((_request, response, next) => {
      response.once('finish', giveUp);
      next();
      setImmediate(() => response.status(503).send('the shop gave up'));
    });
    const late: typeof fetch = (...given) => gaveUp.then(() => fetch(...given));
    app.use(userref({ ...optionsFor(core, clock), baseUrl: shop.url, revocations, fetch: late }));
    app.get('/account', requireUser(), (_request, response) => void response.send('in'));
    app.get('/', (_request, response) => void response.send('home'));
    app.use(userrefErrors());
    app.use((error: unknown, _request: unknown, _response: unknown, next: (error: unknown) => void) => {
      told.push(error);
      next(error);
    });
  };
  return { build, told, gaveUp };
}

/** Nobody is told and nothing rejects, also once the late answer has come. */
async function expectQuiet(told: readonly unknown[]): Promise<void> {
  await setTimeout(200);
  expect([told, unhandled]).toEqual([[], []]);
}

describe('a shop that answered before the SDK could', () => {
  beforeAll(() => void process.on('unhandledRejection', note));
  beforeEach(() => void unhandled.splice(0));
  afterAll(() => void process.off('unhandledRejection', note));

  it('lives on when a guard comes too late', async () => {
    const { build, told } = impatient();
    shop.open({ paths: { login: '/elsewhere' } }, build);
    expect((await shop.visit('/account')).status).toBe(503);
    await expectQuiet(told);
  });

  it('lives on when the store of sessions fails too late', async () => {
    const jar = await shop.signIn();
    const store = memorySessionStore();
    const { build, told, gaveUp } = impatient({
      ...store,
      isRevoked: async () => {
        await gaveUp;
        throw new Error('store away');
      },
    });
    shop.open({ paths: { login: '/elsewhere' } }, build);
    expect((await shop.visit('/', { jar })).status).toBe(503);
    await expectQuiet(told);
  });
});
