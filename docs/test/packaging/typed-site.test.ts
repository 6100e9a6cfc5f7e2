import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, run } from './support/fresh-folder.ts';
import { tarballsOf } from './support/packed.ts';

const COMPILERS = { 'TypeScript 5.9': '~5.9.0', 'TypeScript 6': '~6.0.0', 'TypeScript 7': '~7.0.0' };
const RESOLUTIONS = { nodenext: 'nodenext', bundler: 'esnext' };

const COMMON = {
  ...tarballsOf('@userref/sdk-core'),
  ...Object.fromEntries(Object.values(COMPILERS).map((range) => [aliasOf(range), `npm:typescript@${range}`])),
  '@types/node': '^24.0.0',
};

interface Site {
  /** Its file in `consumer`. */
  readonly file: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly compilerOptions: object;
  /** Default: all. */
  readonly resolutions?: readonly string[];
}

const SITES: Record<string, Site> = {
  'on Express': {
    file: 'site.ts',
    dependencies: {
      ...tarballsOf('@userref/sdk-express'),
      '@types/express': '^5.0.0',
      express: '^5.0.0',
      kysely: '~0.29.0',
      redis: '^6.0.0',
    },
    compilerOptions: { skipLibCheck: false },
  },
  'with the oldest stores that the manifest allows': {
    file: 'old-stores.ts',
    dependencies: { kysely: '0.28.0', redis: '5.0.0' },
    compilerOptions: { skipLibCheck: true },
  },
  'on the oldest Next.js that the manifest allows': {
    file: 'next-site.tsx',
    dependencies: {
      ...tarballsOf('@userref/sdk-next'),
      '@types/react': '~19.0.0',
      next: '15.2.0',
      react: '19.0.0',
      'react-dom': '19.0.0',
    },
    // Next.js has no `exports`, so only bundlers find its parts, and types that newer compilers refuse.
    resolutions: ['bundler'],
    compilerOptions: { skipLibCheck: true, jsx: 'react-jsx', lib: ['es2024', 'dom', 'dom.iterable'] },
  },
};

describe.each(Object.entries(SITES))('pain 17: types break. A site in TypeScript %s', (_, site) => {
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await freshFolder(`typed-${site.file}`, { ...COMMON, ...site.dependencies });
    if (folder) cpSync(join(import.meta.dirname, 'consumer', site.file), join(folder, site.file));
  }, 420_000);

  const resolutions = site.resolutions ?? Object.keys(RESOLUTIONS);
  const cases = Object.keys(COMPILERS).flatMap((compiler) =>
    resolutions.map((resolution) => [compiler, resolution] as const),
  );
  it.for(cases)(
    'compiles with %s and resolution %s, declarations included',
    { timeout: 240_000 },
    async ([compiler, resolution], { skip }) => {
      if (!folder) return skip();
      const alias = aliasOf(COMPILERS[compiler as keyof typeof COMPILERS]);
      const tsc = join('node_modules', alias, 'bin', 'tsc');
      const project = `tsconfig.${alias}.${resolution}.json`;
      const settings = projectOf(site, { resolution, outDir: `out-${alias}-${resolution}` });
      writeFileSync(join(folder, project), JSON.stringify(settings));
      const { code, output } = await run(process.execPath, [tsc, '-p', project], folder);
      expect([code, output]).toEqual([0, '']);
    },
  );
});

function aliasOf(range: string): string {
  return `typescript-${range.replace(/\D+/g, '')}`;
}

function projectOf(
  { file, compilerOptions }: Site,
  { resolution, outDir }: { resolution: string; outDir: string },
): object {
  return {
    compilerOptions: {
      ...{ target: 'es2022', module: RESOLUTIONS[resolution as keyof typeof RESOLUTIONS] },
      ...{ moduleResolution: resolution, strict: true, exactOptionalPropertyTypes: true, types: ['node'] },
      ...{ noUncheckedIndexedAccess: true, declaration: true, emitDeclarationOnly: true, outDir },
      ...compilerOptions,
    },
    files: [file],
  };
}
