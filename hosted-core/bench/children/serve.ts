/** What a child process that serves says when it is ready, and how it stops. */
export interface Serving<Ready> {
  readonly ready: Ready;
  stop(): Promise<void>;
}

/**
 * Runs a server in this child process: takes its configuration from the parent, tells the parent when it is
 * ready, and stops when the parent says so, is gone, or Ctrl-C reaches both.
 */
export function serve<Config, Ready>(start: (config: Config) => Promise<Serving<Ready>>): void {
  process.once('message', (config: Config) => void run(start, config));
}

async function run<Config, Ready>(
  start: (config: Config) => Promise<Serving<Ready>>,
  config: Config,
): Promise<void> {
  const toldToStop = untilStopped();
  try {
    const serving = await start(config);
    process.send?.({ ready: serving.ready });
    await toldToStop;
    await serving.stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  }
}

function untilStopped(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(signal, () => done());
  });
}
