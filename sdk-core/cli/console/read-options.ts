import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/**
 * The options of a command line, and its other words.
 * @throws UsageError with the help behind it
 */
export function readOptions<const Options extends OptionsConfig>(
  args: readonly string[],
  { options, help, words = 0 }: { options: Options; help: string; words?: number },
) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length > words) throw new Error(`«${positionals[words]}» is one word too many.`);
    return { values, words: positionals as readonly string[] };
  } catch (error) {
    // Node goes on about words that begin with a hyphen.
    const [what = ''] = (error as Error).message.split('. To specify');
    throw new UsageError(`${what.replace(/\.?$/, '.')}\n\n${help}`);
  }
}

/** @throws UsageError unless the text is a whole number in the range */
export function wholeNumber(
  text: string,
  { name, from, to }: { name: string; from: number; to: number },
): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to) return value;
  throw new UsageError(`--${name} takes a whole number from ${from} to ${to}.`);
}
