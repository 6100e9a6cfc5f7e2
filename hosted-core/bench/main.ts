import { HELP, readOptions } from './options.ts';
import { flatReport } from './report/flat-report.ts';
import { saveReport } from './report/history.ts';
import { table } from './report/table.ts';
import { runSuites } from './run-suites.ts';
import type { Options } from './settings.ts';

const INTERRUPTED = 130;
const note = (text: string) => void process.stderr.write(`… ${text}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options) return await bench(options);
    process.stdout.write(HELP);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

async function bench(options: Options): Promise<number> {
  const startedAt = new Date();
  const signal = untilInterrupted();
  const { figures, failed } = await runSuites(options, { signal, note });
  if (signal.aborted) return INTERRUPTED;
  const report = flatReport(figures, { startedAt, quick: options.quick });
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : table(figures));
  if (options.save) note(`kept in ${saveReport(report)}`);
  if (failed.length > 0) note(`could not be measured: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

/** The first Ctrl-C lets everything stop in order. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted) note('stopping');
      controller.abort();
    });
  }
  return controller.signal;
}
