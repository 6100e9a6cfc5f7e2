import { startWordPressSite } from '../../src/index.ts';

/** A program of its own that a test can kill: starts a site in the folder that it is told, and stays. */
await startWordPressSite({ dataDir: process.argv[2] ?? '' });
process.stdout.write('started\n');
