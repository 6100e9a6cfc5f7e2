/** Something went wrong in a way that its reader can mend: what happened, why, and what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor({ what, why, fix, cause }: { what: string; why?: string; fix: string; cause?: unknown }) {
    const lines = [what, ...(why === undefined ? [] : [`Why: ${why}`]), `Do:  ${fix}`];
    super(lines.join('\n'), cause === undefined ? {} : { cause });
  }
}
