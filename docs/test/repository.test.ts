import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, repositoryFiles, root } from './support/repository-files.ts';

const files = repositoryFiles();
const texts = files.filter((path) => !/\.(png|jpg|ico|woff2|zip)$/.test(path));
const rootPackage = JSON.parse(readText('package.json'));

/** Folders at the top that the architecture allows. */
const TOP_FOLDERS = [
  'docs',
  'examples',
  'hosted-core',
  'sdk-core',
  'sdk-express',
  'sdk-next',
  'sdk-php-bridge',
];

/** Hosts of package registries, built from parts so that this file does not name them itself. */
const REGISTRY_HOSTS = [
  'registry\\.npm' + 'js',
  'registry\\.yarn' + 'pkg',
  'deb\\.deb' + 'ian',
  'proxy\\.go' + 'lang',
];

/** Folders of a machine. A path in a container or a temporary folder asked of the system is neither. */
const MACHINE_PATHS = [
  '/home/\\w',
  '/Users/\\w',
  '/root/\\w',
  '/work/\\w',
  '/tmp' + '/\\w',
  'C:\\\\\\\\Users',
];

describe('committed files', () => {
  it('name no package registry', () => {
    expect(filesWith(new RegExp(REGISTRY_HOSTS.join('|')))).toEqual([]);
  });

  it('name no path of a machine', () => {
    const pattern = new RegExp(`(?<![\\w.$}])(${MACHINE_PATHS.join('|')})`);
    expect(filesWith(pattern).filter((path) => path !== 'docs/test/repository.test.ts')).toEqual([]);
  });

  it('hold no private key', () => {
    expect(filesWith(new RegExp('-----BEGIN [A-Z ]*PRIVATE ' + 'KEY-----'))).toEqual([]);
  });

  it('stand in the folders of the architecture', () => {
    const folders = new Set(
      files.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''),
    );
    const visible = [...folders].filter((folder) => !folder.startsWith('.'));
    expect(visible.filter((folder) => !TOP_FOLDERS.includes(folder))).toEqual([]);
  });

  it('end with a line feed and have no carriage return', () => {
    expect(texts.filter((path) => !/^$|[^\r]\n$/.test(readText(path).slice(-2)))).toEqual([]);
  });
});

describe('the licence', () => {
  it('is Apache-2.0, whole', () => {
    const licence = readText('LICENSE');
    expect(licence).toContain('Version 2.0, January 2004');
    expect(licence).toContain('END OF TERMS AND CONDITIONS');
    expect(licence.split('\n').length).toBeGreaterThan(195);
  });

  it.each(publishedPackages())('ships with %s', (folder) => {
    expect(readText(`${folder}/LICENSE`)).toBe(readText('LICENSE'));
  });
});

describe('every package', () => {
  it.each(packageFolders())('%s has a licence, a description and is an ES module', (folder) => {
    const manifest = readPackage(folder);
    expect(manifest).toMatchObject({ license: 'Apache-2.0', type: 'module' });
    expect(manifest.description).toMatch(/^.{20,}$/);
  });

  it.each(publishedPackages())('%s says what it ships, for which Node, and has a README', (folder) => {
    const manifest = readPackage(folder);
    expect(manifest.engines?.node).toBe('>=22.19');
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'README.md', 'LICENSE']));
    expect(files).toContain(`${folder}/README.md`);
  });

  it('has exact versions of what only development needs', () => {
    const loose = packageFolders().flatMap((folder) =>
      Object.entries(readPackage(folder).devDependencies ?? {})
        .filter(([, version]) => !/^(?:npm:[a-z-]+@)?\d+\.\d+\.\d+/.test(version))
        .map(([name]) => `${folder}: ${name}`),
    );
    expect(loose).toEqual([]);
  });
});

describe('type checks', () => {
  it('are a stage of CI for every project of the repository', async () => {
    const { typeStages } = await import(join(root, '.tools/lib/stages.mjs'));
    const checked = typeStages().map((stage: { node: string[] }) => stage.node.at(-1));
    const projects = files.filter((path) => /(?:^|\/)tsconfig\.json$/.test(path));
    expect(checked.sort()).toEqual(projects.sort());
  });
});

describe('changesets', () => {
  it('are configured by the file at the top, through a link', () => {
    expect(lstatSync(join(root, '.changeset/config.json')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(root, '.changeset/config.json'))).toBe('../changeset.config.json');
  });

  it('release the SDKs in lockstep and name only packages that exist', () => {
    const config = JSON.parse(readText('changeset.config.json'));
    const names = packageFolders().map((folder) => readPackage(folder).name);
    const sdks = publishedPackages().filter((folder) => folder.startsWith('sdk-'));
    expect(config.fixed).toEqual([sdks.map((folder) => readPackage(folder).name)]);
    for (const name of [...config.fixed.flat(), ...config.ignore]) expect(names).toContain(name);
  });

  it('each name packages that exist, and begin with a line for the user', () => {
    const names = packageFolders().map((folder) => readPackage(folder).name);
    const changesets = files.filter((path) => /^\.changeset\/(?!README)[^/]+\.md$/.test(path));
    expect(changesets.length).toBeGreaterThan(0);
    for (const path of changesets) {
      const [, head = '', body = ''] = readText(path).split(/^---$/m);
      const named = [...head.matchAll(/^['"](.+)['"]: (major|minor|patch)$/gm)].map((match) => match[1]);
      expect(named.length).toBeGreaterThan(0);
      for (const name of named) expect(names).toContain(name);
      expect(body.trim()).toMatch(/^[A-Z].{20,}/);
    }
  });
});

interface Manifest {
  name: string;
  private?: boolean;
  description?: string;
  engines?: { node?: string };
  files?: string[];
  devDependencies?: Record<string, string>;
}

function packageFolders(): string[] {
  return rootPackage.workspaces;
}

/** Packages that go to npm. */
function publishedPackages(): string[] {
  return packageFolders().filter((folder) => readPackage(folder).private !== true);
}

function readPackage(folder: string): Manifest {
  return JSON.parse(readText(`${folder}/package.json`));
}

function filesWith(pattern: RegExp): string[] {
  return texts.filter((path) => pattern.test(readText(path)));
}
