import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { UserrefError } from '@userref/sdk-core';
import { checkOffline, SAVED_FILE } from './check-offline.ts';

/**
 * Checks passports, one a line on stdin, with what `save-issuer` saved into a folder: `check <folder> [max-age]`.
 * Prints one JSON line each: `{"ok":true,"user_ref":…}` or `{"ok":false,"code":"passport_revoked"}`. Exit code 1
 * when one was refused.
 */
const [folder = 'issuer', maxAge] = process.argv.slice(2);
if (!existsSync(join(folder, SAVED_FILE))) {
  process.stderr.write(`${join(folder, SAVED_FILE)} is not there: run save-issuer first\n`);
  process.exit(1);
}
const check = checkOffline({ folder, maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge) });
const lines = (await text(process.stdin)).split('\n').filter(Boolean);
for (const line of lines) {
  const verdict = await check(line).then(
    ({ userRef }) => ({ ok: true, user_ref: userRef }),
    (error: unknown) => {
      if (!(error instanceof UserrefError)) throw error;
      process.exitCode = 1;
      return { ok: false, code: error.code };
    },
  );
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
}
