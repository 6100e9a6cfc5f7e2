import { createUserref } from '../../src/index.ts';
import { FakeCore } from '../../testing/index.ts';
import { openStore } from './open-store.ts';
import { SESSION_SECRET } from './site.ts';

/** One process of a site: tells its parent whose session a cookie is. `node site-process.ts <store address>`. */
const { store } = await openStore(process.argv[2] ?? '');
const core = new FakeCore();
const userref = createUserref({
  ...core.options,
  baseUrl: 'https://shop.example',
  sessionSecret: SESSION_SECRET,
  revocations: store,
  fetch: core.fetch,
});

process.on('message', (cookieHeader: string) => {
  userref.readSession(cookieHeader).then(
    (session) => process.send?.({ userRef: session?.userRef ?? null }),
    (error) => process.send?.({ code: error.code }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
