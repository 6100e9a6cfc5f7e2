import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readText, root } from './support/repository-files.ts';

/** npm gives its scripts settings of its own by the environment; a test must not hand them on. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

function run(program: string, ...args: string[]) {
  return spawnSync(program, args, { cwd: root, encoding: 'utf8', env: environment });
}

/** Names in the text that `--help` prints. */
function commandNames(): string[] {
  const { stdout } = run(process.execPath, '.tools/run.mjs', '--help');
  return [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name = '']) => name);
}

describe('the start script', () => {
  it('has a command for every npm script, and an npm script for every command', () => {
    const { scripts } = JSON.parse(readText('package.json'));
    const expected = commandNames().map((name) => [name, `node .tools/run.mjs ${name}`]);
    expect(scripts).toEqual(Object.fromEntries(expected));
  });

  it('leaves stdout to the command, npm’s own banner included', () => {
    const { status, stdout } = run('npm', 'run', 'contract', '--', '--check');
    expect([status, stdout]).toEqual([0, '']);
  });

  it('does nothing but help when a command is asked for help', () => {
    for (const name of ['build', 'check', 'contract']) {
      const { status, stdout } = run(process.execPath, '.tools/run.mjs', name, '--help');
      expect([status, stdout]).toEqual([0, expect.stringContaining(`  ${name} `)]);
    }
  });

  it('refuses a word that a command does not take', () => {
    const { status, stdout, stderr } = run(process.execPath, '.tools/run.mjs', 'contract', '--chekc');
    expect([status, stdout, stderr]).toEqual([2, '', 'userref: npm run contract does not take "--chekc".\n']);
  });

  it('names its commands when it is given one that it does not have', () => {
    const { status, stdout, stderr } = run(process.execPath, '.tools/run.mjs', 'dmeo');
    expect([status, stdout]).toEqual([2, '']);
    for (const name of commandNames()) expect(stderr).toContain(`  ${name} `);
  });
});
