import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FakeCore, serveFakeCore } from '@userref/sdk-core/testing';
import { freePort } from '../../../hosted-core/test/support/free-port.ts';
import type { BuiltShop } from './build-shop.ts';
import { nextBuild } from './next-build.ts';
import { startBuiltShop } from './running-shop.ts';
import { environmentOf } from './shop-under-test.ts';

/** A site of a few files, by path, built with the Next.js of a shop and the SDK that the shop was built with. */
export async function buildSmallSite(
  shop: BuiltShop,
  { name, files }: { readonly name: string; readonly files: Iterable<readonly [string, string]> },
): Promise<BuiltShop> {
  const folder = join(dirname(shop.folder), name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  for (const shared of ['next.config.mjs', 'tsconfig.json', 'node_modules']) {
    cpSync(join(shop.folder, shared), join(folder, shared), { recursive: true });
  }
  for (const [path, text] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { ...shop, folder, output: await nextBuild(shop.nextBin, folder) };
}

/** The layout that every site has. */
export const LAYOUT = `import type { ReactNode } from 'react';
export default function Layout({ children }: { children: ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;
}
`;

/** A small site that runs, and the core that it signs in at. */
export interface RunningSite {
  readonly core: FakeCore;
  readonly url: string;
  stop(): Promise<void>;
}

export async function startSmallSite(built: BuiltShop): Promise<RunningSite> {
  const port = await freePort();
  const { core, stop } = await serveFakeCore({ site: 'cms-shop-123' });
  const sessionSecret = 'a session secret of 32 characters or more';
  const options = { ...core.options, baseUrl: `http://localhost:${port}`, sessionSecret };
  const running = await startBuiltShop(built, { port, env: environmentOf(options) });
  const stopAll = async () => {
    await running.stop();
    await stop();
  };
  return { core, url: running.url, stop: stopAll };
}
