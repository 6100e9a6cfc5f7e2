import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { packageVersions } from '../../release/pack-packages.ts';
import { releaseProblems, repositoryFrom } from '../../release/release-settings.ts';
import { readText, repositoryFiles, root } from '../support/repository-files.ts';
import { run } from './support/fresh-folder.ts';

const WORKFLOW = { GITHUB_SERVER_URL: 'https://git.example', GITHUB_REPOSITORY: 'owner/userref' };
const ready = {
  env: { ...WORKFLOW, ACTIONS_ID_TOKEN_REQUEST_URL: 'https://git.example/token' },
  pendingChangesets: [],
  packages: [{ name: '@userref/sdk-core', version: '1.0.0' }],
};

describe('a release', () => {
  it('has nothing in its way in the release workflow, with versions', () => {
    expect(releaseProblems(ready)).toEqual([]);
    expect(repositoryFrom(WORKFLOW)).toBe('git+https://git.example/owner/userref.git');
  });

  it.each([
    ['outside of the workflow', { env: {} }, 'GITHUB_REPOSITORY'],
    ['in a job without an identity', { env: WORKFLOW }, 'id-token: write'],
    [
      'with changes that no version has',
      { pendingChangesets: ['first-release.md'] },
      'npx changeset version',
    ],
    ['of a preview', { packages: [{ name: '@userref/sdk-core', version: '2.0.0-beta.1' }] }, 'is a preview'],
    ['of the placeholder', { packages: [{ name: '@userref/sdk-core', version: '0.0.0' }] }, 'placeholder'],
  ])('%s is refused, with what to do', (_, change, words) => {
    expect(releaseProblems({ ...ready, ...change }).join('\n')).toContain(words);
  });

  it('does not even pack outside of the workflow', async () => {
    const { code, output } = await run(process.execPath, ['docs/release/publish-packages.ts'], root);
    expect([code, output]).toEqual([1, expect.stringContaining('id-token: write')]);
    expect(output).not.toContain('published');
  });

  it('is for every package that is packed', () => {
    const packed = inject('packed').map(({ name, version }) => ({ name, version }));
    expect(packageVersions()).toMatchObject(packed);
  });
});

describe('what the next release would be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'userref-release-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const manifestIn = (path: string) => JSON.parse(readFileSync(join(folder, path, 'package.json'), 'utf8'));
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@userref.test', ...words], {
      cwd: folder,
    });

  it('gives the SDKs one version, which they ask of each other, and the core its own', async () => {
    const wanted = /(?:^|\/)package(?:-lock)?\.json$|^\.changeset\/.*\.md$/;
    for (const path of repositoryFiles().filter((one) => wanted.test(one))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(root, path), join(folder, path));
    }
    cpSync(join(root, 'changeset.config.json'), join(folder, '.changeset/config.json'));
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('commit', '--quiet', '--message=as it is');
    const changeset = join(root, 'node_modules/@changesets/cli/bin.js');
    const status = await run(process.execPath, [changeset, 'status', '--verbose'], folder);
    expect([status.code, status.output]).toEqual([0, expect.stringContaining('@userref/sdk-core')]);
    const { code, output } = await run(process.execPath, [changeset, 'version'], folder);
    expect([code, output]).toEqual([0, expect.stringContaining('updated')]);

    const { workspaces } = JSON.parse(readText('package.json')) as { workspaces: string[] };
    const sdks = workspaces.filter((path) => path.startsWith('sdk-')).map(manifestIn);
    const [version] = sdks.map((sdk) => sdk.version);
    expect(version).not.toBe('0.0.0');
    for (const sdk of sdks) {
      expect([sdk.name, sdk.version]).toEqual([sdk.name, version]);
      const core = sdk.dependencies['@userref/sdk-core'] ?? version;
      expect([sdk.name, core]).toEqual([sdk.name, version]);
    }
    expect(manifestIn('hosted-core').version).not.toBe('0.0.0');
    const packages = [...sdks, manifestIn('hosted-core')];
    expect(releaseProblems({ ...ready, packages })).toEqual([]);
  });
});
