import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is published, in the order in which they stand on each other. */
const PACKAGES = ['sdk-core', 'sdk-express', 'sdk-next', 'sdk-php-bridge', 'hosted-core'];
/** Of no use to a build; what is not JavaScript has its own way to whoever uses it. */
const NOT_BUILT_FROM = new Set([
  ...['node_modules', 'dist', 'test', '.cache', '.next', 'bench', 'deploy'],
  ...['php', 'laravel', 'wordpress'],
]);
/** How the workspaces find each other's sources; of no use to anybody else. */
const SOURCE_CONDITION = '@userref/source';

export interface PackageVersion {
  readonly name: string;
  readonly version: string;
}

export interface PackedPackage extends PackageVersion {
  readonly folder: string;
  readonly tarball: string;
}

export interface PackOptions {
  /** Address of the repository for the manifests, such as `git+https://host/owner/name.git`. Default: none. */
  readonly repository?: string | undefined;
}

/** What is published, in the versions that the manifests have now. */
export function packageVersions(): PackageVersion[] {
  return PACKAGES.map((folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')));
}

/**
 * Builds the packages apart from the work tree and packs them as they are published. `into` is emptied first;
 * it must lie within the repository, where the build finds its tools.
 */
export async function packPackages(into: string, options: PackOptions = {}): Promise<PackedPackage[]> {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  cpSync(join(root, 'tsconfig.base.json'), join(into, 'tsconfig.base.json'));
  return Promise.all(PACKAGES.map((folder) => pack(folder, { into, ...options })));
}

async function pack(
  folder: string,
  { into, repository }: PackOptions & { into: string },
): Promise<PackedPackage> {
  const stage = join(into, folder);
  mkdirSync(stage);
  for (const entry of readdirSync(join(root, folder))) {
    if (!NOT_BUILT_FROM.has(entry))
      cpSync(join(root, folder, entry), join(stage, entry), { recursive: true });
  }
  // Versions of its own, where another workspace has others.
  const own = join(root, folder, 'node_modules');
  if (existsSync(own)) symlinkSync(own, join(stage, 'node_modules'));
  await npm(['run', 'build', '--silent'], stage);
  const source = repository && { type: 'git', url: repository, directory: folder };
  const { name, version } = publishManifest(
    join(stage, 'package.json'),
    source ? { repository: source } : {},
  );
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', into], stage);
  return { name, version, folder: stage, tarball: join(into, packedName(stdout)) };
}

/** The manifest without what only the repository needs, and with what only a release knows. */
function publishManifest(path: string, added: object): { name: string; version: string } {
  const { devDependencies: _, scripts: __, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
  for (const entry of Object.values<Record<string, string> | string>(manifest.exports)) {
    if (typeof entry === 'object') delete entry[SOURCE_CONDITION];
  }
  writeFileSync(path, `${JSON.stringify({ ...manifest, ...added }, null, 2)}\n`);
  return manifest;
}

/** npm 11 gives a list here, later ones an object by name. */
function packedName(json: string): string {
  const [packed] = Object.values<{ filename: string }>(JSON.parse(json));
  if (packed === undefined) throw new Error('npm pack said nothing of what it packed');
  return packed.filename.replace('@', '').replace('/', '-');
}

/** npm hands its own settings on to what it starts; here they would be those of another command. */
export function npm(words: string[], cwd: string) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return execute('npm', words, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
}
