import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder, userref } from '../support/cli.ts';

let folder = temporaryFolder();
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const ESM = `import express from 'express';\n\nconst app = express();\napp.get('/', (_, res) => res.send('hi'));\n\napp.listen(3000);\n`;
const CJS = `const express = require('express')\nconst app = express()\napp.listen(3000)\n`;
const TYPED = `import express, { type Express } from 'express';\nexport const app: Express = express();\n`;
const WINDOWS = ESM.replaceAll('\n', '\r\n');

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
}

const read = (path: string) => readFileSync(join(folder.path, path), 'utf8');
const add = (...words: string[]) => userref(['add', ...words], { cwd: folder.path });
const express = (text: string, path = 'server.js') =>
  write({ 'package.json': '{"type":"module","dependencies":{"express":"5"}}', [path]: text });

describe('userref add express', () => {
  it.each([
    ['an ES module', ESM, 'server.js', 'js'],
    ['CommonJS', CJS, 'server.cjs', 'cjs'],
    ['TypeScript', TYPED, 'src/app.ts', 'ts'],
    ['lines that end as on Windows', WINDOWS, 'index.mjs', 'mjs'],
  ])('adds to %s what parses, once', async (_what, text, path, end) => {
    express(text, path);
    expect((await add('express', '--yes')).code).toBe(0);
    const once = read(path);
    expect(once).toContain('@userref/sdk-express');
    expect(once.indexOf('app.use(')).toBeGreaterThan(once.indexOf('express()'));
    if (end !== 'ts') execFileSync(process.execPath, ['--check', join(folder.path, path)]);
    if (path === 'index.mjs') expect(once.replaceAll('\r\n', '')).not.toContain('\n');
    expect(await add('express')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do') });
    expect(read(path)).toBe(once);
  });

  it('comes before the parsers of a site that a generator made, and says what is left to do', async () => {
    const generated = `var express = require('express');\nvar path = require('path');\n\nvar app = express();\n\napp.use(express.json());\napp.use(express.static(path.join(__dirname, 'public')));\n\nmodule.exports = app;\n`;
    write({ 'package.json': '{"dependencies":{"express":"~4.16.1"}}', 'app.js': generated });
    const { code, out } = await add('express', '--yes');
    expect([code, out]).toEqual([0, expect.stringContaining('behind your routes: app.use(userrefErrors())')]);
    expect(out).toContain('npm install express@5 (the SDK needs 4.19 or newer; package.json says ~4.16.1)');
    const text = read('app.js');
    expect(text.indexOf('userref({')).toBeGreaterThan(text.indexOf('var app'));
    expect(text.indexOf('userref({')).toBeLessThan(text.indexOf('express.json()'));
    execFileSync(process.execPath, ['--check', join(folder.path, 'app.js')]);
    expect((await add('express')).out).toContain('Nothing to do');
  });

  it('adds to the source, not to what a compiler makes of it', async () => {
    const manifest = { type: 'module', main: 'dist/index.js', dependencies: { express: '5' } };
    const scripts = { start: 'node dist/index.js', build: 'tsc' };
    write({
      'package.json': `\ufeff${JSON.stringify({ ...manifest, scripts })}`,
      'dist/index.js': ESM,
      'src/index.ts': ESM,
    });
    await add('express', '--yes');
    expect([read('dist/index.js'), read('src/index.ts').includes('userref')]).toEqual([ESM, true]);
  });

  it('says which file is broken', async () => {
    write({ 'package.json': '{"name": ' });
    const { code, err } = await add('express');
    expect([code, err]).toEqual([1, expect.stringContaining('package.json here is no JSON')]);
  });

  it('writes just what it showed', async () => {
    express(ESM);
    const shown = JSON.parse((await add('express', '--json')).out);
    expect(shown.written).toBe(false);
    expect(read('server.js')).toBe(ESM);
    expect(existsSync(join(folder.path, '.gitignore'))).toBe(false);
    await add('express', '--yes');
    const added = read('server.js')
      .split('\n')
      .filter((line) => !ESM.split('\n').includes(line));
    for (const line of added) expect(shown.changes[0].diff).toContain(`+${line}`.trimEnd());
    expect(readdirSync(folder.path).sort()).toEqual(['.gitignore', 'package.json', 'server.js']);
  });

  it('writes nothing after a no, and nothing where nobody can be asked', async () => {
    express(ESM);
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return 'n';
    };
    expect((await userref(['add', 'express'], { cwd: folder.path, ask })).code).toBe(1);
    expect((await add('express')).code).toBe(1);
    expect([asked.length, read('server.js')]).toEqual([1, ESM]);
  });

  it('refuses to write over a file that changed while it asked', async () => {
    express(ESM);
    const ask = async () => {
      write({ 'server.js': `${ESM}// mine\n` });
      return 'y';
    };
    expect((await userref(['add', 'express'], { cwd: folder.path, ask })).code).toBe(1);
    expect(read('server.js')).toBe(`${ESM}// mine\n`);
  });

  it('leaves settings in .gitignore alone, and adds what is missing', async () => {
    express(ESM);
    write({ '.gitignore': 'node_modules\n.env*.local' });
    await add('express', '--yes');
    expect(read('.gitignore')).toBe('node_modules\n.env*.local\n.userref\n');
  });
});

describe('userref add next', () => {
  const next = (version: string, files: Record<string, string> = {}) =>
    write({ 'package.json': `{"dependencies":{"next":"${version}"}}`, 'app/page.js': '', ...files });

  it.each([
    ['^16.4.0', 'proxy.js'],
    ['15.5.2', 'middleware.js'],
  ])('makes what Next %s wants: %s', async (version, file) => {
    next(version);
    expect((await add('next', '--yes')).code).toBe(0);
    expect(read('userref.js')).toContain('createUserref()');
    expect(read('app/userref/[...userref]/route.js')).toContain('GET, POST');
    expect(read(file)).toContain(`userref.${file.replace('.js', '')}`);
    expect((await add('next')).out).toContain('Nothing to do');
  });

  it('goes into src, and writes TypeScript where the project is', async () => {
    write({
      'package.json': '{"dependencies":{"next":"16"}}',
      'tsconfig.json': '{}',
      'src/app/page.tsx': '',
    });
    await add('next', '--yes');
    for (const path of ['userref.ts', 'proxy.ts', 'app/userref/[...userref]/route.ts']) read(`src/${path}`);
  });

  it('goes where Next looks first, when there are two app folders', async () => {
    next('16', { 'src/app/old.js': '' });
    await add('next', '--yes');
    expect(existsSync(join(folder.path, 'src/userref.js'))).toBe(false);
    read('app/userref/[...userref]/route.js');
  });

  it('leaves a proxy of the site alone and says how to join', async () => {
    next('16', { 'proxy.js': 'export function proxy() {}' });
    const { out } = await add('next', '--yes');
    expect(read('proxy.js')).toBe('export function proxy() {}');
    expect(out).toContain('return userref.proxy(request)');
  });

  it.each([
    ['without next', { 'package.json': '{}' }],
    ['without an app folder', { 'package.json': '{"dependencies":{"next":"16"}}', 'pages/index.js': '' }],
    ['without a package', {}],
  ])('says why it cannot, %s', async (_what, files) => {
    write(files);
    expect(await add('next', '--yes')).toMatchObject({ code: 1, err: expect.stringContaining('Do: ') });
  });
});
