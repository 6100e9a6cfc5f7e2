import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { nearest } from '../../cli/console/nearest.ts';
import { MAIN, spawnUserref, userref } from '../support/cli.ts';

describe('userref', () => {
  it('shows every command', async () => {
    const { code, out } = await spawnUserref([]);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await spawnUserref(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('guesses what was meant by a misspelt command', async () => {
    expect(await spawnUserref(['scna'])).toEqual({
      code: 2,
      out: '',
      err: 'There is no command «scna». Did you mean «scan»?\n',
    });
  });

  it.each(COMMANDS.map(({ name }) => name))(
    '%s has a help that states exit codes and --json',
    async (name) => {
      const { code, out } = await userref([name, '--help']);
      expect(code).toBe(0);
      expect(out).toContain('Exit codes: 0');
      expect(out).toContain('--json');
      expect(out.split('\n').filter((line) => line.length > 120)).toEqual([]);
    },
  );

  it.each(COMMANDS.map(({ name }) => name))('%s refuses an unknown option with 2', async (name) => {
    const { code, err } = await userref([name, 'verify', '--no-such-option']);
    expect([code, err === '']).toEqual([2, false]);
  });

  it.each([
    ['add', 'next or express'],
    ['passport', 'verify or inspect or mint'],
    ['webhooks', 'verify or listen or trigger'],
    ['audit', 'verify or verify-proof'],
    ['receipt', 'verify'],
  ])('%s says which words there are, before the help', async (name, choices) => {
    for (const [words, not] of [
      [[name], '.'],
      [[name, 'w\u001b[2Jrong'], ', not «w'],
    ] as const) {
      const { code, err } = await userref(words);
      const help = (await userref([name, '--help'])).out;
      expect([code, err.startsWith(`After «userref ${name}» comes ${choices}${not}`)]).toEqual([2, true]);
      expect(err).toContain(`\n\n${help.trim()}`);
      expect(err).not.toContain('\u001b');
    }
  });

  it('shows a command’s help by either way of asking', async () => {
    expect(await spawnUserref(['help', 'dev'])).toEqual(await spawnUserref(['dev', '--help']));
  });

  it('names the option that it does not know, in one sentence before the help', async () => {
    const { err } = await userref(['dev', '--nope']);
    expect(err.split('\n').slice(0, 3)).toEqual(["Unknown option '--nope'.", '', 'userref dev']);
  });
});

describe('pipes', () => {
  const piped = async (command: string) => {
    const main = `"${process.execPath}" --conditions=@userref/source "${MAIN}"`;
    const shell = spawn(
      'bash',
      ['--norc', '-o', 'pipefail', '-c', command.replaceAll('userref ', `${main} `)],
      {
        env: {},
      },
    );
    const closed = new Promise((done) => shell.once('close', done));
    const [out, err] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
    return { code: await closed, out, err };
  };

  it('may be closed by whoever has read enough: no stack, and the exit code stays what it was', async () => {
    expect(await piped('(sleep 1; userref explain --list) | true')).toEqual({ code: 0, out: '', err: '' });
    expect(await piped('(sleep 1; userref explain no_such_code) | true')).toMatchObject({ code: 1, err: '' });
  });

  it('may be slow: what comes late is waited for', async () => {
    const { code, out } = await piped('(sleep 2; echo abc) | userref passport inspect');
    expect([code, out]).toEqual([1, expect.stringContaining('passport_malformed')]);
  });
});

describe('near misses', () => {
  it.each([
    ['consent_requird', 'consent_required'],
    ['invlaid_token', 'invalid_token'],
    ['Not-Found', 'not_found'],
    ['signature', 'webhook_signature_invalid'],
  ])('%s may be %s', (word, code) => {
    const codes = ['consent_required', 'invalid_token', 'not_found', 'webhook_signature_invalid', 'conflict'];
    expect(nearest(word, codes)[0]).toBe(code);
  });

  it('are none for something else', () => {
    expect(nearest('banana', ['consent_required', 'not_found'])).toEqual([]);
  });
});

describe('userref explain', () => {
  it('says what, who and what to do', async () => {
    const { code, out } = await userref(['explain', 'consent_required']);
    expect(code).toBe(0);
    expect(out).toMatch(/What {3}.+\nWho {4}.+\nDo {5}.+/);
  });

  it('ends with 1 for an unknown code, and suggests', async () => {
    const { code, out } = await userref(['explain', 'login_lop', '--json']);
    expect([code, JSON.parse(out)]).toEqual([
      1,
      { code: 'login_lop', known: false, similar: ['login_loop'] },
    ]);
  });

  it('lists every code of the contract', async () => {
    const registry = await import('../../../docs/contract/errors.json', { with: { type: 'json' } });
    const { out } = await userref(['explain', '--list']);
    for (const { code } of registry.default) expect(out).toContain(`${code} `);
  });
});

describe('docs/reference/userref.md', () => {
  const page = readFileSync(new URL('../../../docs/reference/userref.md', import.meta.url), 'utf8');

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'has the help of %s',
    (name, command) => {
      expect(page).toContain(`## ${name}: ${command.summary}\n`);
      expect(page).toContain(`\`\`\`text\n${command.help}\n\`\`\``);
    },
  );
});
