import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PhpRuntime, phpVersions } from './support/php-versions.ts';

const versions = phpVersions();

interface Results {
  readonly version: string;
  /** Tests of the client. */
  readonly count: number;
  /** Files of Laravel's package that this version takes. */
  readonly laravel: number;
  readonly failures: readonly string[];
}

/** The client's own tests on every version of PHP that it says it runs on; whatever PHP warns of is fatal. */
describe.skipIf(versions.problem !== undefined)('the PHP client', () => {
  const results = new Map<string, Results>();

  beforeAll(async () => {
    for (const version of ['8.1', '8.2', '8.3', '8.4', '8.5']) {
      const php = await versions.start(version);
      results.set(version, await runTests(php));
      php.exit();
    }
  }, 300_000);

  it.each(['8.1', '8.2', '8.3', '8.4', '8.5'])(
    'passes its tests on PHP %s without a deprecation',
    (version) => {
      const result = results.get(version);
      expect(result?.version.startsWith(`${version}.`)).toBe(true);
      expect(result?.failures).toEqual([]);
      expect(result?.count).toBeGreaterThan(450);
      // The package for Laravel is read by it, as there is no Laravel here to run it with.
      expect(result?.laravel).toBeGreaterThan(20);
    },
  );
});

async function runTests(php: PhpRuntime): Promise<Results> {
  php.onMessage((message) => Promise.resolve(doSodiumsWork(JSON.parse(message))));
  const { text, errors } = await php.run({ scriptPath: '/client/run.php' });
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`PHP ended early: ${text.slice(0, 500)} ${errors.slice(0, 500)}`);
  }
}

const ED25519_PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519_PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ed25519 for a PHP without sodium. Keys and signatures are raw, as sodium has them. */
function doSodiumsWork(words: readonly string[]): string {
  const [task, ...given] = words.map((word) => Buffer.from(word, 'base64'));
  const none = Buffer.alloc(0);
  const [first = none, second = none, third = none] = given;
  if (task?.toString() === 'keypair') {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
    return Buffer.concat([seed, publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]).toString(
      'base64',
    );
  }
  if (task?.toString() === 'sign') {
    const der = Buffer.concat([ED25519_PRIVATE, second.subarray(0, 32)]);
    return sign(null, first, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).toString('base64');
  }
  const key = createPublicKey({ key: Buffer.concat([ED25519_PUBLIC, third]), format: 'der', type: 'spki' });
  return verify(null, second, key, first) ? 'yes' : 'no';
}
