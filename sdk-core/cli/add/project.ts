import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../console/problem.ts';
import { readManifest } from '../site/read-manifest.ts';
import type { Change } from './change.ts';

interface Manifest {
  readonly type?: string;
  readonly main?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The project that something is added to. */
export class Project {
  readonly manifest: Manifest;
  readonly #cwd: string;

  /** @throws Problem where there is no project */
  constructor(cwd: string) {
    this.#cwd = cwd;
    const manifest = readManifest(join(cwd, 'package.json'));
    if (manifest === undefined) {
      throw new Problem({
        what: 'There is no package.json here.',
        fix: 'Run this in the folder of your site, or begin one with `npm init`.',
      });
    }
    this.manifest = manifest;
  }

  has(path: string): boolean {
    return existsSync(join(this.#cwd, path));
  }

  /** `null` for a file that is not there. */
  read(path: string): string | null {
    const file = join(this.#cwd, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  }

  get isTypeScript(): boolean {
    return this.has('tsconfig.json');
  }

  dependency(name: string): string | undefined {
    return this.manifest.dependencies?.[name] ?? this.manifest.devDependencies?.[name];
  }

  /** The line that installs it, unless it is there. */
  installNote(name: string): string[] {
    return this.dependency(name) === undefined ? [`npm install ${name}`] : [];
  }

  /** What `userref dev` writes must not be committed. */
  ignoreChange(): Change[] {
    const before = this.read('.gitignore');
    const lines = (before ?? '')
      .split(/\r?\n/)
      .map((line) => line.trim().replace(/^\//, '').replace(/\/$/, ''));
    const isThere = (name: string) =>
      lines.includes(name) ||
      (name === '.env.local' && lines.some((line) => ['.env*', '.env*.local', '*.local'].includes(line)));
    const missing = ['.env.local', '.userref'].filter((name) => !isThere(name));
    if (missing.length === 0) return [];
    const text = before === null || before === '' || before.endsWith('\n') ? (before ?? '') : `${before}\n`;
    return [{ path: '.gitignore', before, after: `${text}${missing.map((name) => `${name}\n`).join('')}` }];
  }
}
