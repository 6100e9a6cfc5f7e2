import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type ErrorCode, UserrefError } from '@userref/sdk-core';
import { describe, expect, it } from 'vitest';
import { userref } from '../../sdk-core/test/support/cli.ts';
import { ensurePhp } from './support/php.ts';

interface Told {
  readonly code: string;
  readonly detail: string;
  readonly fix: string;
  readonly help: string;
  readonly isTransient: boolean;
}

const ERRORS: { code: string; where: string[] }[] = JSON.parse(
  readFileSync(new URL('../../docs/contract/errors.json', import.meta.url), 'utf8'),
);
const AUTOLOAD = new URL('../php/autoload.php', import.meta.url).pathname;
const noPhp = ensurePhp();

function toldByPhp(): Told[] {
  const script = `require $argv[1];
  echo json_encode(array_map(fn ($code) => [
    'code' => $code->value, 'detail' => $code->detail(), 'fix' => $code->fix(),
    'help' => $code->helpUrl(), 'isTransient' => $code->isTransient(),
  ], Userref\\Contract\\ErrorCode::cases()));`;
  return JSON.parse(execFileSync('php', ['-r', script, '--', AUTOLOAD], { encoding: 'utf8' }));
}

describe.skipIf(noPhp)('an error', () => {
  const byPhp = noPhp ? [] : toldByPhp();

  it('has the same codes in PHP and in the contract', () => {
    expect(byPhp.map(({ code }) => code).sort()).toEqual(ERRORS.map(({ code }) => code).sort());
  });

  it.each(ERRORS.map(({ code }) => code))(
    '%s says the same in TypeScript, PHP, the command line and the page',
    async (code) => {
      const { detail, fix, helpUrl, isTransient } = new UserrefError(code as ErrorCode);
      const told = { code, detail, fix, help: helpUrl, isTransient };
      expect(byPhp.find((one) => one.code === code)).toEqual(told);
      const explained = await userref(['explain', code]);
      const page = readFileSync(new URL(`../../docs/reference/errors/${code}.md`, import.meta.url), 'utf8');
      for (const text of [explained.out, page]) {
        const words = text.replace(/\s+/g, ' ');
        for (const part of [detail, fix]) expect(words).toContain(part.replace(/\s+/g, ' '));
      }
    },
  );
});
