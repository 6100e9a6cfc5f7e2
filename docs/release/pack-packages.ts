import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The packages that sites install, in the order in which they stand on each other. */
const PACKAGES = ['sdk-core', 'sdk-express', 'sdk-next'];
const NOT_BUILT_FROM = new Set(['node_modules', 'dist', 'test', '.cache', '.next']);
/** How the workspaces find each other's sources; of no use to anybody else. */
const SOURCE_CONDITION = '@userref/source';

export interface PackedPackage {
  readonly name: string;
  readonly folder: string;
  readonly tarball: string;
}

/**
 * Builds the packages apart from the work tree and packs them as they are published. `into` is emptied first;
 * it must lie within the repository, where the build finds its tools.
 */
export async function packPackages(into: string): Promise<PackedPackage[]> {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  cpSync(join(root, 'tsconfig.base.json'), join(into, 'tsconfig.base.json'));
  const folders = PACKAGES.filter((folder) => existsSync(join(root, folder, 'tsup.config.ts')));
  return Promise.all(folders.map((folder) => pack(folder, into)));
}

async function pack(folder: string, into: string): Promise<PackedPackage> {
  const stage = join(into, folder);
  mkdirSync(stage);
  for (const entry of readdirSync(join(root, folder))) {
    if (!NOT_BUILT_FROM.has(entry))
      cpSync(join(root, folder, entry), join(stage, entry), { recursive: true });
  }
  await npm(['run', 'build', '--silent'], stage);
  const { name } = publishManifest(join(stage, 'package.json'));
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', into], stage);
  return { name, folder: stage, tarball: join(into, packedName(stdout)) };
}

/** The manifest without what only the repository needs. */
function publishManifest(path: string): { name: string } {
  const { devDependencies: _, scripts: __, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
  for (const entry of Object.values<Record<string, string> | string>(manifest.exports)) {
    if (typeof entry === 'object') delete entry[SOURCE_CONDITION];
  }
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** npm 11 gives a list here, later ones an object by name. */
function packedName(json: string): string {
  const [packed] = Object.values<{ filename: string }>(JSON.parse(json));
  if (packed === undefined) throw new Error('npm pack said nothing of what it packed');
  return packed.filename.replace('@', '').replace('/', '-');
}

/** npm hands its own settings on to what it starts; here they would be those of another command. */
function npm(words: string[], cwd: string) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return execute('npm', words, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packed = await packPackages(join(root, '.cache', 'release'));
  for (const { name, tarball } of packed) process.stdout.write(`${name} ${tarball}\n`);
}
