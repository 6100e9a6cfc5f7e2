import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build, type Options } from 'tsup';
import coreBuilds from '../../../sdk-core/tsup.config.ts';
import sdkNextBuild from '../../tsup.config.ts';
import { nextBuild } from './next-build.ts';

export type NextMajor = '15' | '16';

export interface BuiltShop {
  readonly major: NextMajor;
  /** Where it was built and is started. */
  readonly folder: string;
  /** `next` of that version, for `node`. */
  readonly nextBin: string;
  /** What `next build` printed. */
  readonly output: string;
}

const root = join(import.meta.dirname, '../../..');
const shop = join(root, 'examples/next-shop');
const HOSTS = { '15': 'examples/next-shop-15', '16': 'examples/next-shop' } as const;
const LEFT_OUT = new Set(['.cache', '.next', 'node_modules', 'test']);
const SOURCES = '{sdk-core,sdk-next,examples/next-shop,examples/express-shop}/**/*.{ts,tsx,mjs,css,svg,json}';

/** What a site imports; the first build of sdk-core is the library. */
const SDKS = { 'sdk-core': [coreBuilds].flat()[0] as Options, 'sdk-next': sdkNextBuild as Options };

const TSCONFIG = {
  compilerOptions: {
    jsx: 'preserve',
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
  },
  include: ['**/*.ts', '**/*.tsx'],
};

/**
 * `next build` of the shop with the probes laid over it, from SDKs as they are published, with an environment
 * that holds no secret. Kept until a source changes.
 */
export async function buildShop(major: NextMajor): Promise<BuiltShop> {
  const host = join(root, HOSTS[major]);
  const folder = join(host, '.cache', 'built');
  const nextBin = join(major === '16' ? root : host, 'node_modules/next/dist/bin/next');
  const stamp = join(folder, 'stamp.json');
  const sources = hashOfSources();
  const kept = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : null;
  if (kept && (process.env.KEEP_BUILT || kept.sources === sources))
    return { major, folder, nextBin, output: kept.output };
  rmSync(folder, { recursive: true, force: true });
  await layOut(folder, major);
  const output = await nextBuild(nextBin, folder);
  writeFileSync(stamp, JSON.stringify({ sources, output }));
  return { major, folder, nextBin, output };
}

async function layOut(folder: string, major: NextMajor): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(shop).filter((one) => !LEFT_OUT.has(one))) {
    cpSync(join(shop, name), join(folder, name), { recursive: true });
  }
  cpSync(join(import.meta.dirname, '../site'), folder, { recursive: true });
  rmSync(join(folder, major === '15' ? 'proxy.ts' : 'middleware.ts'));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  for (const [name, library] of Object.entries(SDKS)) {
    const installed = join(folder, 'node_modules/@userref', name);
    mkdirSync(installed, { recursive: true });
    cpSync(join(root, name, 'package.json'), join(installed, 'package.json'));
    await buildSdk(join(root, name), library, join(installed, 'dist'));
  }
}

/** As for npm, but without types. */
async function buildSdk(folder: string, library: Options, outDir: string): Promise<void> {
  const entries = Object.entries(library.entry as Record<string, string>);
  const entry = Object.fromEntries(entries.map(([name, path]) => [name, join(folder, path)]));
  await build({ ...library, entry, outDir, dts: false, clean: false, config: false, silent: true });
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, {
    cwd: root,
    exclude: (path) => /node_modules|\.cache|\.next|dist$/.test(String(path)),
  });
  for (const path of files.map(String).sort()) {
    if (!path.includes('/test/') || path.includes('/test/site/'))
      hash.update(path).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}
