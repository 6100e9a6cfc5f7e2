import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuiltShop } from './build-shop.ts';
import { nextBuild } from './next-build.ts';

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
