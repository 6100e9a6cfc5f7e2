/** The whole house in a process of its own, for tests that kill it. Says where its settings are once it runs. */
import { startDevelopmentEnvironment } from '../../src/development/development-environment.ts';

const { dataDir, ports } = JSON.parse(process.argv[2] ?? '{}');
const { configFile } = await startDevelopmentEnvironment({ dataDir, ports, logLevel: 'silent' });
process.stdout.write(`${JSON.stringify({ configFile })}\n`);
