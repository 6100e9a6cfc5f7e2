import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, nodeProgram, run } from './support/fresh-folder.ts';
import { tarballsOf } from './support/packed.ts';

const NODES = [22, 24, 26];
/** The newest, and the oldest that the manifest allows. */
const EXPRESSES = { express: '^5.0.0', 'express-4': 'npm:express@4.19.0' };

describe('a site that installs the packages into a fresh folder', () => {
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await freshFolder('site', {
      ...tarballsOf('@userref/sdk-core', '@userref/sdk-express'),
      ...EXPRESSES,
    });
    if (folder) cpSync(join(import.meta.dirname, 'consumer/smoke.mjs'), join(folder, 'smoke.mjs'));
  }, 420_000);

  it.for(NODES.flatMap((node) => Object.keys(EXPRESSES).map((express) => [node, express] as const)))(
    'signs people in on Node %i with %s',
    { timeout: 420_000 },
    async ([node, express], { skip }) => {
      const program = await nodeProgram(node);
      if (!folder || !program) return skip();
      const { code, output } = await run(program, ['smoke.mjs', express], folder);
      expect([code, output]).toEqual([0, expect.stringMatching(`fine on Node ${node}\\.`)]);
    },
  );

  it('has a command line that answers', async ({ skip }) => {
    const program = await nodeProgram(22);
    if (!folder || !program) return skip();
    const { code, output } = await run(program, ['node_modules/.bin/userref', '--help'], folder);
    expect([code, output]).toEqual([0, expect.stringContaining('passport')]);
  });

  it('is told what to install when it asks for the emulator without it', async ({ skip }) => {
    const program = await nodeProgram(22);
    if (!folder || !program) return skip();
    const { code, output } = await run(program, ['node_modules/.bin/userref', 'dev'], folder);
    expect([code, output]).toEqual([1, expect.stringContaining('npm install -D @userref/hosted-core')]);
  });
});
