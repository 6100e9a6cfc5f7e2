/** What a command has of the world around it; tests hand in their own. */
export interface Io {
  /** Results, a text at a time, for stdout. */
  readonly out: (text: string) => void;
  /** Anything else that people should read, for stderr. */
  readonly note: (text: string) => void;
  /** A line that replaces itself; absent where nobody watches. */
  readonly progress?: ((text: string) => void) | undefined;
  /** Puts a question and gives the answer; absent where nobody can answer. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborts at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Unix seconds. Default: the system clock. */
  readonly now?: () => number;
}

export function unixSeconds({ now }: Pick<Io, 'now'>): number {
  return now?.() ?? Math.floor(Date.now() / 1000);
}
