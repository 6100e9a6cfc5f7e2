import { ar, es } from '@userref/sdk-core/languages';
import { describe, expect, inject, it } from 'vitest';
import { useShop } from '../support/shop-under-test.ts';

const CALLBACK = 'callback?state=aaaaaaaaaaaaaaaaaaaaaa&code=b';

describe.each(inject('builtShops').map((shop) => [shop.major, shop] as const))(
  'an error at an address of the SDK on Next %s',
  (_, built) => {
    const under = useShop(built);
    const visit = (path: string, language: string) =>
      under.visit(path + CALLBACK, { headers: { 'accept-language': language } });

    it.each(['/userref/', '/api/userref/'])(
      'is a page in the language of the visitor, at %s',
      async (path) => {
        const response = await visit(path, 'ar-EG, en;q=0.5');
        const page = await response.text();
        expect(response.status).toBe(400);
        expect(page).toContain('<html lang="ar" dir="rtl">');
        expect(page).toContain(ar.texts.not_finished[2]);
      },
    );

    it('is shown in the site’s own layout on the App Router', async () => {
      const response = await visit('/probe/own-errors/', 'es');
      const page = `<html lang="es" dir="ltr"><h1>Shop</h1>${es.texts.not_finished[0]}`;
      expect([response.status, await response.text()]).toEqual([400, page]);
      expect(response.headers.get('cache-control')).toBe('no-store');
      // The site's own.
      expect(response.headers.get('content-security-policy')).toContain("style-src 'self'");
    });

    it('leads to the site’s own page on the Pages Router', async () => {
      const response = await visit('/api/own-errors/', 'es');
      expect([response.status, response.headers.get('location')]).toEqual([
        303,
        '/problem?code=login_state_missing',
      ]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    });
  },
);
