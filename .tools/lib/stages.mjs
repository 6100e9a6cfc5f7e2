import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from './child.mjs';
import { readJson, root, scriptOf } from './paths.mjs';
import { say } from './say.mjs';

/** Packages that are built for npm, each after the ones that it needs. */
const BUILT = ['sdk-core', 'sdk-express', 'sdk-next', 'sdk-php-bridge'];

/** Entry points that load outside of their framework; the others of the package do not. */
const LOADED_INSTEAD = { 'sdk-next': '/pages' };

/** Projects within workspaces, of another kind than the rest: sites for tests, and tests of a site. */
const INNER_PROJECTS = ['examples/next-shop/test', 'sdk-next/test/site'];

export function contractStage() {
  return { name: 'contract: generated files are current', node: ['docs/contract/generate.ts', '--check'] };
}

export function lintStage() {
  return { name: 'lint: biome', node: [scriptOf('@biomejs/biome', 'biome'), 'check', '--colors=off'] };
}

export function typeStages() {
  return [...readJson('package.json').workspaces, ...INNER_PROJECTS]
    .filter((folder) => existsSync(join(root, folder, 'tsconfig.json')))
    .map((folder) => ({
      name: `types: ${folder}`,
      node: [scriptOf('typescript', 'tsc'), '--noEmit', '-p', join(folder, 'tsconfig.json')],
    }));
}

/** Builds, and then loads what was built the way a site does, from the declared entry points. */
export function buildStages() {
  const builds = BUILT.map((folder) => ({
    name: `build: ${folder}`,
    node: [scriptOf('tsup')],
    cwd: join(root, folder),
  }));
  const service = { name: 'build: hosted-core', node: ['build.ts'], cwd: join(root, 'hosted-core') };
  const imports = [...BUILT, 'hosted-core']
    .map(
      (folder) =>
        `await import('${readJson(`${folder}/package.json`).name}${LOADED_INSTEAD[folder] ?? ''}');`,
    )
    .join(' ');
  return [...builds, service, { name: 'build: loads', node: ['--input-type=module', '--eval', imports] }];
}

export function referenceStage() {
  return { name: 'reference: typedoc', node: [scriptOf('typedoc'), '--options', 'docs/typedoc.json'] };
}

/** Runs the stages one after another and names each with its result; gives the names of those that failed. */
export async function runStages(stages) {
  const failed = [];
  for (const stage of stages) {
    const started = performance.now();
    const { code, output } = await capture(process.execPath, stage.node, { cwd: stage.cwd ?? root });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`${code === 0 ? 'ok    ' : 'FAILED'} ${stage.name} (${seconds} s)`);
    if (code === 0) continue;
    failed.push(stage.name);
    process.stderr.write(output.endsWith('\n') ? output : `${output}\n`);
  }
  return failed;
}
