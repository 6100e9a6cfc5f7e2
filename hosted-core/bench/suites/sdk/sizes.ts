import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { FakeCore, sessionCookie } from '@userref/sdk-core/testing';
import { build } from 'esbuild';
import type { Figure, FigureDefinition } from '../../figures.ts';

const COOKIE: FigureDefinition = {
  name: 'session_cookie_bytes',
  unit: 'bytes',
  aim: { atMost: 1_500 },
  meaning:
    'the largest session cookie, name and value: eight consents, eight purposes asked for, longest ids',
};
const EDGE: FigureDefinition = {
  name: 'edge_bundle_kb',
  unit: 'kilobytes',
  aim: { atMost: 45 },
  meaning:
    'what login, sessions, consent and events weigh in a bundle for an Edge runtime, minified and gzipped',
};
const EDGE_SITE = `export { createAdapter, incomingOf, toResponse } from '@userref/sdk-core/adapter';`;
const here = fileURLToPath(new URL('.', import.meta.url));

/** What browsers carry and what runtimes load. */
export async function sizeFigures(): Promise<Figure[]> {
  return [size(COOKIE, await largestCookie()), size(EDGE, await edgeBundle())];
}

async function largestCookie(): Promise<number> {
  const options = {
    ...new FakeCore().options,
    baseUrl: 'https://shop.example',
    sessionSecret: 'a session secret of the benchmark, never used elsewhere',
  };
  const names = ['profile:given_name', 'profile:family_name', 'profile:birthdate', 'profile:citizenship'];
  const more = ['contact:email', 'contact:phone', 'address:shipping', 'address:billing'];
  const now = Math.floor(Date.now() / 1000);
  const purposes = Array.from({ length: 8 }, (_, index) => [`a_purpose_with_a_long_name_${index}`, now]);
  const { header } = await sessionCookie(options, {
    sid: 's'.repeat(64),
    consents: [...names, ...more],
    askedPurposes: Object.fromEntries(purposes),
    accessToken: 't'.repeat(128),
  });
  return Buffer.byteLength(header);
}

/** Fails where the bundle needs anything of Node. */
async function edgeBundle(): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: EDGE_SITE, resolveDir: here },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@userref/source', 'worker'],
  });
  const [bundle] = outputFiles;
  return gzipSync(bundle?.contents ?? '', { level: 9 }).byteLength / 1000;
}

function size(definition: FigureDefinition, value: number): Figure {
  return {
    definition,
    value,
    low: value,
    high: value,
    ours: { name: definition.name, p50: value, p99: value },
  };
}
