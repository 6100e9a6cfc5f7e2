import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserEnvironment } from './browser.mjs';
import { runNode } from './child.mjs';
import { scriptOf } from './paths.mjs';
import { say } from './say.mjs';
import { buildStages, contractStage, lintStage, runStages, typeStages } from './stages.mjs';

/**
 * Everything that CI runs. With arguments for vitest (`npm test -- --project sdk-core`) only those tests.
 * The last line of stdout is `N passed, N failed, N skipped`; a failed stage counts as one failed.
 */
export async function test(args) {
  const stages = args.length > 0 ? [] : [contractStage(), lintStage(), ...typeStages(), ...buildStages()];
  const failedStages = await runStages(stages);
  const env = needsBrowser(args) ? await browserEnvironment() : {};
  const counts = await runVitest(args, env);
  for (const name of failedStages) say(`FAILED ${name}`);
  const failed = counts.failed + failedStages.length;
  process.stdout.write(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
  return failed > 0 || counts.code !== 0 ? 1 : 0;
}

/** Without a choice of projects all of them run, the browser's too. */
function needsBrowser(args) {
  const chosen = args.filter((arg, index) => arg.startsWith('--project=') || args[index - 1] === '--project');
  return chosen.length === 0 || chosen.some((project) => /(^|=)(e2e|next|\*)/.test(project));
}

async function runVitest(args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'userref-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await runNode([scriptOf('vitest'), 'run', ...reporters, ...args], { env });
    return { code, ...countsOf(report, code) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that did not even load has no tests to count, so it counts as one failure; so does a crash. */
function countsOf(report, code) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const broken = result.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((entry) => entry.status === 'failed'),
  );
  const failed = result.numFailedTests + broken.length;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
