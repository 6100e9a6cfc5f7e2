import { describe, expect, it } from 'vitest';
import { requireUser } from '../src/index.ts';
import { useShop } from './support/shop.ts';

const shop = useShop();
const { core, clock } = shop;
const PRIVATE = 'private, no-store';

async function cachingOf(path: string, jar?: Awaited<ReturnType<typeof shop.signIn>>) {
  const { headers } = await shop.visit(path, jar && { jar });
  return headers.get('cache-control');
}

describe('a cache between shop and visitors', () => {
  it('keeps no page of a guard, as the next visitor would get it', async () => {
    core.consented = { 'address:shipping': { locality: 'Sampletown' } };
    const jar = await shop.signIn(undefined, '/order');
    expect(await cachingOf('/account', jar)).toBe(PRIVATE);
    expect(await cachingOf('/order', jar)).toBe(PRIVATE);
  });

  it('keeps no page that shows what somebody shares, guard or not', async () => {
    core.consented = { 'contact:email': 'amber@example.com' };
    const jar = await shop.signIn();
    const answer = await shop.visit('/email', { jar });
    expect([await answer.json(), answer.headers.get('cache-control')]).toEqual([
      { email: 'amber@example.com' },
      PRIVATE,
    ]);
  });

  it('keeps no answer that takes a dead cookie away: it would sign everybody out', async () => {
    const jar = await shop.signIn();
    clock.seconds += 28_800;
    const answer = await shop.visit('/', { jar });
    expect([answer.headers.getSetCookie().length, answer.headers.get('cache-control')]).toEqual([1, PRIVATE]);
  });

  it('keeps no such answer of a page that is for everybody either', async () => {
    const jar = await shop.signIn();
    const everybody = 'public, s-maxage=300';
    const cookie = `userref_shop-a=${jar.get('userref_shop-a')}`;
    shop.open({}, (app) => {
      app.use((_request, response, next) => {
        response.set('Cache-Control', everybody);
        next();
      });
      app.get('/before', (_request, response) => void response.send('a page'));
      app.get('/after', (_request, response) => void response.set('Cache-Control', everybody).send('a page'));
      app.get('/raw', (_request, response) => void response.set('Cache-Control', everybody).end('a page'));
    });
    for (const path of ['/before', '/after', '/raw']) expect(await cachingOf(path, jar)).toBe(everybody);
    clock.seconds += 28_800;
    for (const path of ['/before', '/after', '/raw']) {
      const { headers } = await shop.visit(path, { headers: { cookie } });
      expect([path, headers.getSetCookie().length, headers.get('cache-control')]).toEqual([path, 1, PRIVATE]);
    }
  });

  it('goes by what the shop says, before a guard and after it', async () => {
    shop.open({}, (app) => {
      app.use('/before', (_request, response, next) => {
        response.set('Cache-Control', 'private, max-age=60');
        next();
      });
      for (const path of ['/before', '/after']) {
        app.get(path, requireUser(), (_request, response) => {
          if (path === '/after') response.set('Cache-Control', 'private, max-age=60');
          response.send('a page');
        });
      }
    });
    const jar = await shop.signIn();
    expect(await cachingOf('/before', jar)).toBe('private, max-age=60');
    expect(await cachingOf('/after', jar)).toBe('private, max-age=60');
  });

  it('is told nothing where nobody is looked at', async () => {
    expect(await cachingOf('/')).toBeNull();
    expect(await cachingOf('/', await shop.signIn())).toBeNull();
  });
});
