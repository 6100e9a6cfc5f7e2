import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltShop } from './build-shop.ts';
import { buildSmallSite, LAYOUT } from './small-site.ts';

const README = join(import.meta.dirname, '../../README.md');
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
  const files = filesOfReadme().set('app/layout.tsx', LAYOUT).set('app/page.tsx', HOME);
  return buildSmallSite(shop, { name: 'quickstart', files });
}
