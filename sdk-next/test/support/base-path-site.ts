import { join } from 'node:path';
import type { BuiltShop } from './build-shop.ts';
import { buildSmallSite, LAYOUT } from './small-site.ts';

const FILES = {
  'next.config.mjs': `export default {
  basePath: '/docs',
  trailingSlash: true,
  typescript: { ignoreBuildErrors: true },
  outputFileTracingRoot: '${join(import.meta.dirname, '../../..')}',
};
`,
  'userref.ts': `import { createUserref } from '@userref/sdk-next';
export const userref = createUserref({ basePath: '/docs', protect: ['/members'] });
`,
  'proxy.ts': `import { userref } from './userref';
export const proxy = userref.proxy;
export const config = { matcher: ['/((?!_next/).*)'] };
`,
  'app/userref/[...userref]/route.ts': `import { userref } from '../../../userref';
export const { GET, POST } = userref.handlers;
`,
  'app/layout.tsx': LAYOUT,
  'app/account/page.tsx': `import { userref } from '../../userref';
export default async function Account() {
  return <p>{(await userref.requireUser()).userRef}</p>;
}
`,
  'app/members/page.tsx': 'export default function Members() { return <p>members</p>; }\n',
  'lib/pages-userref.ts': `import { createUserref } from '@userref/sdk-next/pages';
export const userref = createUserref({ basePath: '/docs' });
`,
  'pages/api/userref/[...userref].ts': `import { userref } from '../../../lib/pages-userref';
export const config = { api: { bodyParser: false } };
export default userref.handler;
`,
  'pages/pages-account.tsx': `import { userref } from '../lib/pages-userref';
export const getServerSideProps = userref.withUser((_context, { user }) => ({ props: { userRef: user.userRef } }));
export default function Account({ userRef }) { return <p>{userRef}</p>; }
`,
};

/** A site below a path of its origin, whose addresses end with a slash; on both routers, built with the same Next.js. */
export function buildBasePathSite(shop: BuiltShop): Promise<BuiltShop> {
  return buildSmallSite(shop, { name: 'base-path', files: Object.entries(FILES) });
}
