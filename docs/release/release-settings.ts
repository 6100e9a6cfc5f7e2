export interface ReleaseState {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files of changes that no version has taken up yet. */
  readonly pendingChangesets: readonly string[];
  /** `name@version` of what would be published. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

/**
 * The repository's address for the manifests, from what the release workflow knows of itself; npm holds it against
 * the provenance. The repository's own files name no host.
 */
export function repositoryFrom({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: name,
}: ReleaseState['env']): string | undefined {
  return server && name ? `git+${server}/${name}.git` : undefined;
}

/** Why nothing can be published, each with what to do. */
export function releaseProblems({ env, pendingChangesets, packages }: ReleaseState): string[] {
  const problems: string[] = [];
  if (repositoryFrom(env) === undefined) {
    problems.push(
      'GITHUB_SERVER_URL and GITHUB_REPOSITORY are not set: provenance needs the address of the repository. ' +
        'Publish by the release workflow.',
    );
  }
  if (!env['ACTIONS_ID_TOKEN_REQUEST_URL']) {
    problems.push('There is no identity to sign the provenance with: the job needs `id-token: write`.');
  }
  if (pendingChangesets.length > 0) {
    problems.push(
      `No version has taken up ${pendingChangesets.join(', ')} yet: run \`npx changeset version\` and commit what it writes.`,
    );
  }
  for (const { name, version } of packages.filter((one) => one.version === '0.0.0')) {
    problems.push(`${name} has no version of its own yet: ${version} is a placeholder.`);
  }
  for (const { name, version } of packages.filter((one) => one.version.includes('-'))) {
    problems.push(`${name}@${version} is a preview: \`latest\` is for versions that are finished.`);
  }
  return problems;
}
