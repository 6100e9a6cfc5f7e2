import { UsageError } from '../usage-error.ts';
import { inert } from './inert.ts';

interface Place {
  /** The words before, such as `userref passport`. */
  readonly after: string;
  readonly choices: readonly string[];
  readonly help: string;
}

/** @throws UsageError that says which words there are, before the help */
export function refuseWord(word: string | undefined, { after, choices, help }: Place): never {
  const takes = `After «${after}» comes ${choices.join(' or ')}`;
  throw new UsageError(`${takes}${word === undefined ? '.' : `, not «${inert(word)}».`}\n\n${help}`);
}
