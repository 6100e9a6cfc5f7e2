/** Whether the environment says anything about us at all. */
export function environmentHasSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return Object.keys(environment).some((name) => name.startsWith('USERREF_'));
}
