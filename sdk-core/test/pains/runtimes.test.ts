import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { FakeCore } from '../../testing/index.ts';
import { SESSION_SECRET } from '../support/site.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const SITE = `import { createAdapter, incomingOf, toResponse } from '../../src/adapter/index.ts';
globalThis.site = { createAdapter, incomingOf, toResponse };`;

/** What every Edge runtime has (WinterTC's common API), and nothing of Node. */
const WEB = [
  ...['URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder', 'Headers', 'Request', 'Response', 'fetch'],
  ...['crypto', 'CryptoKey', 'SubtleCrypto', 'btoa', 'atob', 'structuredClone', 'queueMicrotask'],
  ...['ReadableStream', 'TransformStream', 'DecompressionStream', 'AbortController', 'AbortSignal', 'Blob'],
  ...['setTimeout', 'clearTimeout', 'DOMException', 'Event', 'EventTarget', 'performance', 'console'],
  // Those of the runtime that the others give and take.
  ...['Uint8Array', 'ArrayBuffer'],
];

async function bundle({ minify = false } = {}): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: SITE, resolveDir: folder, loader: 'ts' },
    ...{ bundle: true, write: false, format: 'iife', platform: 'neutral', mainFields: ['module', 'main'] },
    minify,
  });
  return outputFiles[0]?.text ?? '';
}

interface EdgeSite {
  readonly createAdapter: typeof import('../../src/adapter/index.ts').createAdapter;
  readonly incomingOf: typeof import('../../src/adapter/index.ts').incomingOf;
}

describe('pain 14: it breaks on an Edge runtime', () => {
  it('signs in, reads the session and refuses a forged passport where there is no Node at all', async () => {
    const globals = Object.fromEntries(WEB.map((name) => [name, Reflect.get(globalThis, name)]));
    const context: Record<string, unknown> = { ...globals };
    context['globalThis'] = context;
    context['self'] = context;
    runInNewContext(await bundle(), context);
    const { createAdapter, incomingOf } = context['site'] as EdgeSite;

    const core = new FakeCore();
    const baseUrl = 'https://shop.example';
    const options = { ...core.options, baseUrl, sessionSecret: SESSION_SECRET, fetch: core.fetch };
    const adapter = createAdapter(options);
    const login = async () => {
      const started = await adapter.handle(incomingOf(new Request(`${baseUrl}/userref/login`)));
      const cookie = started.setCookies.map((line) => line.split(';')[0]).join('; ');
      const back = core.signIn(started.headers['Location'] ?? '');
      return adapter.handle(incomingOf(new Request(back, { headers: { cookie } })));
    };
    const finished = await login();
    const cookie =
      finished.setCookies.find((line) => line.startsWith('__Host-userref='))?.split(';')[0] ?? '';
    const page = incomingOf(new Request(`${baseUrl}/account`, { headers: { cookie } }));
    expect((await adapter.beginVisit(page)).user?.userRef).toBe(core.person.userRef);

    core.bends.signWith = 'es256Stranger';
    const refused = await login();
    expect([refused.status, refused.body]).toEqual([
      502,
      expect.stringContaining('passport_signature_invalid'),
    ]);
  });

  it('weighs no more than the README says', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, budget] = /at most (\d+) kB in a bundle/.exec(readme) ?? [];
    expect(gzipSync(await bundle({ minify: true })).length / 1000).toBeLessThanOrEqual(Number(budget));
  });

  it('would be noticed: the same place has neither process nor Buffer nor require', () => {
    const globals = Object.fromEntries(WEB.map((name) => [name, Reflect.get(globalThis, name)]));
    for (const name of ['process', 'Buffer', 'require', 'setImmediate', 'global']) {
      expect(runInNewContext(`typeof ${name}`, { ...globals })).toBe('undefined');
    }
  });
});
