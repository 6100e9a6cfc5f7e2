/** `ppid_a7q2…` — enough to see that two shops differ. */
export function shortRef(userRef: string): string {
  return `${userRef.slice(0, 9)}…`;
}
