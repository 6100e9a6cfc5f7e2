import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { npm, type PackedPackage, packageVersions, packPackages, root } from './pack-packages.ts';
import { releaseProblems, repositoryFrom } from './release-settings.ts';

const USAGE = `node docs/release/publish-packages.ts [--dry-run]
  Packs what npm does not have yet in its version, and publishes it with provenance; for the release workflow.
  --dry-run  says what stands in the way, and what would be published. Publishes nothing.
Exit codes: 0 done · 1 something stands in the way, or npm refused · 2 wrong command line
`;

async function main(words: readonly string[]): Promise<number> {
  const isDryRun = words[0] === '--dry-run';
  if (words.length > (isDryRun ? 1 : 0)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const problems = releaseProblems({
    env: process.env,
    pendingChangesets: pending(),
    packages: packageVersions(),
  });
  for (const problem of problems)
    process.stderr.write(`${isDryRun ? 'a release would fail' : 'error'}: ${problem}\n`);
  if (problems.length > 0 && !isDryRun) return 1;
  const repository = repositoryFrom(process.env);
  for (const packed of await packPackages(join(root, '.cache', 'release'), { repository })) {
    await (isDryRun ? rehearse(packed) : publish(packed));
  }
  return 0;
}

function pending(): string[] {
  return readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md') && name !== 'README.md');
}

async function rehearse({ name, version, tarball }: PackedPackage): Promise<void> {
  const { stderr } = await npm(
    ['publish', '--dry-run', '--provenance=false', '--loglevel=notice', tarball],
    root,
  );
  process.stdout.write(`would publish ${name}@${version}\n${stderr}\n`);
}

/** Safe to repeat: what npm has already is left alone. */
async function publish({ name, version, tarball }: PackedPackage): Promise<void> {
  const known = await npm(['view', `${name}@${version}`, 'version'], root).catch(() => ({ stdout: '' }));
  if (known.stdout.trim() === version) {
    process.stdout.write(`${name}@${version} is published already\n`);
    return;
  }
  await npm(['publish', tarball], root);
  process.stdout.write(`published ${name}@${version}\n`);
}

process.exitCode = await main(process.argv.slice(2));
