import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../src');
const sources = globSync('**/*.{ts,tsx}', { cwd: folder }).map((path) => ({
  path,
  text: readFileSync(join(folder, path), 'utf8'),
}));

/** Paths of the files that a file imports, itself included, within this package. */
function reachedFrom(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const { text = '' } = sources.find((one) => one.path === path) ?? {};
  for (const [, target = ''] of text.matchAll(/^(?:import|export) (?!type)[^;]*?from '(\.[^']+)'/gms)) {
    reachedFrom(join(path, '..', target), seen);
  }
  return seen;
}

/** Modules that a file and what it imports take from elsewhere, at run time. */
function modulesOf(path: string): string[] {
  const texts = [...reachedFrom(path)].map(
    (one) => sources.find((source) => source.path === one)?.text ?? '',
  );
  const found = texts.flatMap((text) => [
    ...text.matchAll(/^(?:import|export) (?!type)[^;]*?from '([^.'][^']*)'/gms),
  ]);
  return [...new Set(found.map(([, name = '']) => name))].sort();
}

describe('the source', () => {
  it('is found', () => expect(sources.length).toBeGreaterThan(15));

  it('makes nothing a server action: what signs in is reached by its address alone', () => {
    const marked = sources.filter(({ text }) => /['"`]use server['"`]/.test(text)).map(({ path }) => path);
    expect(marked).toEqual([]);
  });

  it("says 'use client' in one place, which imports nothing of the server side", () => {
    const marked = sources
      .filter(({ text }) => /^(?:\/\*\*[\s\S]*?\*\/\n)?'use client'/.test(text))
      .map(({ path }) => path);
    expect(marked).toEqual(['client.ts']);
    expect(modulesOf('client.ts')).toEqual(['react']);
  });

  it('pain 3, cookies cannot be set in server components: sets them in handlers and the proxy alone', () => {
    const setting = sources.filter(({ text }) =>
      /\bset-cookie\b|setCookies|cookies\(?\)?\.set\(/i.test(text),
    );
    const folders = new Set(setting.map(({ path }) => path.split('/')[0]));
    expect([...folders].sort()).toEqual(['handlers', 'pages', 'proxy.ts']);
  });

  it('imports for the Pages Router nothing that only the App Router has', () => {
    expect(modulesOf('pages.ts')).toEqual([
      '@userref/sdk-core',
      '@userref/sdk-core/adapter',
      '@userref/sdk-core/languages',
    ]);
    expect(modulesOf('index.ts')).toEqual([
      '@userref/sdk-core',
      '@userref/sdk-core/adapter',
      '@userref/sdk-core/languages',
      'next/headers.js',
      'next/server.js',
      'react',
    ]);
  });

  it('loads in plain Node.js, as tests of a site load it, by every entry', () => {
    const load = ['', '/pages', '/client']
      .map((entry) => `await import('@userref/sdk-next${entry}');`)
      .join('');
    const words = [
      '--conditions=@userref/source',
      '--input-type=module',
      '-e',
      `${load}console.log('loaded')`,
    ];
    expect(execFileSync(process.execPath, words, { encoding: 'utf8', cwd: folder })).toBe('loaded\n');
  });

  it('reads the environment in one file, and no public variable', () => {
    const readers = sources.filter(({ text }) =>
      /process/.test(text.replace(/^ *\*.*$|\/\/.*$|\/\*\*.*$/gm, '')),
    );
    expect(readers.map(({ path }) => path).sort()).toEqual([
      'site/from-environment.ts',
      'site/process-wide-store.ts',
      'site/site.ts',
    ]);
    expect(sources.filter(({ text }) => /NEXT_PUBLIC_/.test(text))).toEqual([]);
  });

  it('takes host and scheme from no request', () => {
    const tainted = sources.filter(({ text }) =>
      /nextUrl\.(origin|host|href)|x-forwarded|['"]host['"]/.test(text),
    );
    expect(tainted.map(({ path }) => path)).toEqual([]);
  });
});
