import { describe, expect, it } from 'vitest';
import { requireConsent, requireUser } from '../src/index.ts';
import { useShop } from './support/shop.ts';

const shop = useShop();

/** `npm run check` is half of the test: behind a plain `RequestHandler` none of the annotations would hold. */
describe('a route behind a guard', () => {
  it('knows its parameters by the path, and its query by what the site says', async () => {
    shop.open({}, (app) => {
      app.get('/orders/:id', requireUser(), (request, response) => {
        const { id }: { id: string } = request.params;
        response.send(`order ${id}`);
      });
      app.get<{ id: string }, string, undefined, { page: string }>(
        '/shared/:id',
        requireConsent([], { purpose: 'order_delivery' }),
        (request, response) => {
          const { page }: { page: string } = request.query;
          response.send(`${request.params.id} ${page}`);
        },
      );
    });
    const jar = await shop.signIn();
    expect(await (await shop.visit('/orders/7', { jar })).text()).toBe('order 7');
    expect(await (await shop.visit('/shared/7?page=2', { jar })).text()).toBe('7 2');
  });
});
