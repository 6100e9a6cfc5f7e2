import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { buildSmallSite, LAYOUT } from '../support/small-site.ts';

/** Everything here looks at what `next build` left, which had an environment without any secret. */
describe.each(inject('builtShops').map((shop) => [shop.major, shop] as const))(
  'built with Next %s',
  (major, shop) => {
    const read = (path: string) => readFileSync(join(shop.folder, '.next', path), 'utf8');

    it('is the version that it claims to be', () => {
      expect(shop.output).toMatch(new RegExp(`Next\\.js ${major}\\.`));
    });

    it('gives no warning, in the runtime of middleware neither', () => {
      expect(shop.output).not.toMatch(/warn|not supported/i);
    });

    it('keeps static pages static, and makes no other page static', () => {
      const { routes, dynamicRoutes } = JSON.parse(read('prerender-manifest.json'));
      const pages = Object.keys(routes).filter((path) => !path.startsWith('/_'));
      expect(pages.sort()).toEqual(['/', '/probe/prefetch', '/signed-out']);
      expect(dynamicRoutes).toEqual({});
      expect(shop.output).toMatch(/○ \/\s/);
      for (const page of ['/orders', '/checkout', '/probe/required', '/pages-account']) {
        expect(shop.output).toMatch(new RegExp(`ƒ ${page}\\s`));
      }
    });

    it('makes static pages that know nobody', () => {
      const pages = globSync('server/{app,pages}/**/*.{html,rsc,body}', { cwd: join(shop.folder, '.next') });
      expect(pages.length).toBeGreaterThan(2);
      for (const page of pages)
        expect([page, /ppid_|data-user-ref|USERREF_/.test(read(page))]).toEqual([page, false]);
    });

    it('sends browsers no code of the server side of the SDK', () => {
      const scripts = globSync('static/**/*.js', { cwd: join(shop.folder, '.next') }).map((path) =>
        read(path),
      );
      const all = scripts.join('\n');
      expect(all).toContain('/userref/session');
      for (const mark of ['sessionSecret', 'USERREF_SITE_SECRET', 'code_verifier', 'webhook-signature']) {
        expect([mark, all.includes(mark)]).toEqual([mark, false]);
      }
    });

    it('does not build where a client component imports the configuration', async () => {
      const files = Object.entries({
        'userref.ts': `import { createUserref } from '@userref/sdk-next';
export const userref = createUserref({ sessionSecret: 'secret of a careless developer' });
`,
        'app/layout.tsx': LAYOUT,
        'app/page.tsx': `'use client';
import { userref } from '../userref';
export default function Home() { return <p>{typeof userref}</p>; }
`,
      });
      const build = buildSmallSite(shop, { name: 'careless', files });
      await expect(build).rejects.toThrow(/not-for-browsers/);
    });
  },
);
