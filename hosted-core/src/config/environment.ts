/** Whether the environment says anything about us at all. */
export function environmentHasSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return Object.keys(environment).some((name) => name.startsWith('USERREF_'));
}

/** The environment for a process that runs somebody else's code: all but our own settings, some of which are secret. */
export function environmentForOthers(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('USERREF_')));
}
