import { parseArgs } from 'node:util';
import { evaluate } from './evaluate.ts';

/**
 * `node sdk-core/test/support/scan/evaluate-scan.ts [--seed 1] [--lines 200000] [--values 200] [--rounds 3]`:
 * how many planted values the scanner finds, and what it finds where there is none.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    lines: { type: 'string', default: '200000' },
    values: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    share: { type: 'string', default: '0.02' },
    strictness: { type: 'string', default: 'canaries' },
  },
});

let [planted, found, falsely, bytes] = [0, 0, 0, 0];
const started = performance.now();
for (let round = 0; round < Number(values.rounds); round += 1) {
  const result = await evaluate({
    seed: Number(values.seed) + round,
    lines: Number(values.lines),
    values: Number(values.values),
    plantedShare: Number(values.share),
    strictness: values.strictness === 'fingerprints' ? 'fingerprints' : 'canaries',
  });
  process.stderr.write(`${JSON.stringify({ ...result, false: result.false.slice(0, 5) })}\n`);
  planted += result.planted;
  found += result.found;
  falsely += result.false.length;
  bytes += result.bytes;
}
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `${JSON.stringify({ planted, found, recall: found / planted, found_falsely: falsely, megabytes: Math.round(bytes / 1e6), seconds: Math.round(seconds) })}\n`,
);
