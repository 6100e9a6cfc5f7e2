import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuiltShop } from './build-shop.ts';
import { nextBuild } from './next-build.ts';

const README = join(import.meta.dirname, '../../README.md');
const LAYOUT = `import type { ReactNode } from 'react';
export default function Layout({ children }: { children: ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;
}
`;
const HOME = `import { Who } from '../components/who';
export default function Home() {
  return <Who />;
}
`;

/** The files of a README: each block that begins with `// path`. Those of the Pages Router are another site's. */
export function filesOfReadme(): Map<string, string> {
  const blocks = readFileSync(README, 'utf8').matchAll(/```tsx?\n\/\/ (\S+)\n([\s\S]*?)```/g);
  return new Map([...blocks].map(([, path = '', text = '']): [string, string] => [path, text]));
}

/** The site of the README, with a layout and a start page that it leaves to the reader, built with Next 16. */
export async function buildQuickstart(shop: BuiltShop): Promise<BuiltShop> {
  const folder = join(dirname(shop.folder), 'quickstart');
  rmSync(folder, { recursive: true, force: true });
  const files = filesOfReadme().set('app/layout.tsx', LAYOUT).set('app/page.tsx', HOME);
  for (const [path, text] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  cpSync(join(shop.folder, 'next.config.mjs'), join(folder, 'next.config.mjs'));
  cpSync(join(shop.folder, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  cpSync(join(shop.folder, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  return { ...shop, folder, output: await nextBuild(shop.nextBin, folder) };
}
