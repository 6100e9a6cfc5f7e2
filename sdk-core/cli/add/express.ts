import { Problem } from '../console/problem.ts';
import type { Plan } from './change.ts';
import type { Project } from './project.ts';

const PACKAGE = '@userref/sdk-express';
const NAMES = ['server', 'app', 'index', 'main'];
const ENDS = ['ts', 'mts', 'js', 'mjs', 'cjs'];
const APP =
  /^([ \t]*)(?:export\s+)?(?:const|let|var)\s+(\w+)(?:\s*:\s*[\w.<>]+)?\s*=\s*express\(\)\s*;?[ \t]*\r?$/m;
const EXPRESS_IMPORT = /^.*(?:from\s+['"]express['"]|require\(\s*['"]express['"]\s*\)).*$/m;

const SETTINGS: readonly (readonly [string, string])[] = [
  ['issuer', 'USERREF_ISSUER'],
  ['site', 'USERREF_SITE'],
  ['siteSecret', 'USERREF_SITE_SECRET'],
  ['baseUrl', 'USERREF_BASE_URL'],
  ['sessionSecret', 'USERREF_SESSION_SECRET'],
  ['webhookSecret', 'USERREF_WEBHOOK_SECRET'],
];

/** One middleware in the file that makes the Express app, and one for errors before it listens. */
export function planExpress(project: Project, { entry }: { entry?: string | undefined } = {}): Plan {
  const path = entry ?? findEntry(project);
  const before = project.read(path);
  if (before === null)
    throw new Problem({ what: `There is no ${path}.`, fix: 'Name the file with --entry.' });
  const notes = [...project.installNote(PACKAGE), ...newerExpress(project)];
  if (before.includes(PACKAGE)) return { changes: project.ignoreChange(), notes };
  const { after, isListening } = withUserref(before, path);
  if (!isListening) notes.push(`behind your routes: app.use(userrefErrors()), from ${PACKAGE}`);
  return { changes: [{ path, before, after }, ...project.ignoreChange()], notes };
}

/** A generator may have asked for an Express that the SDK does not work with. */
function newerExpress(project: Project): string[] {
  const wanted = project.dependency('express');
  const [, major, minor] = /^[\^~=v]*(\d+)(?:\.(\d+))?/.exec(wanted ?? '') ?? [];
  const isOld = major !== undefined && (Number(major) < 4 || (major === '4' && Number(minor ?? 99) < 19));
  return isOld ? [`npm install express@5 (the SDK needs 4.19 or newer; package.json says ${wanted})`] : [];
}

/** What a compiler writes would be written over. */
const BUILT = /^(?:\.\/)?(?:dist|build|out)\//;

/** What starts the site, or else the first file of the usual names that makes an app. */
function findEntry(project: Project): string {
  const { main, scripts = {} } = project.manifest;
  const started = [scripts.start, scripts.dev].flatMap(
    (script) => script?.match(/[\w./-]+\.[cm]?[jt]s\b/g) ?? [],
  );
  const usual = ['', 'src/'].flatMap((folder) =>
    NAMES.flatMap((name) => ENDS.map((end) => `${folder}${name}.${end}`)),
  );
  const found = [...started, ...(main ? [main] : []), ...usual].find(
    (path) => !BUILT.test(path) && APP.test(project.read(path) ?? ''),
  );
  if (found !== undefined) return found;
  throw new Problem({
    what: 'No file with `const app = express()` was found.',
    fix: 'Name the file that makes the app: userref add express --entry src/server.ts',
  });
}

function withUserref(text: string, path: string): { after: string; isListening: boolean } {
  const made = APP.exec(text);
  const imported = EXPRESS_IMPORT.exec(text);
  if (!made || !imported) {
    throw new Problem({
      what: `${path} does not make an Express app in a way that can be added to.`,
      fix: `Add it by hand, as the README of ${PACKAGE} shows.`,
    });
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const [, indent = '', app = 'app'] = made;
  const isTyped = /\.[cm]?ts$/.test(path);
  const listening = new RegExp(`^[ \\t]*(?:(?:const|let|var)\\s+\\w+\\s*=\\s*)?${app}\\.listen\\(`, 'm').exec(
    text,
  );
  const pieces = [
    { at: imported.index + imported[0].length, text: `${newline}${importLine(imported[0])}` },
    {
      at: made.index + made[0].trimEnd().length,
      text: useLines({ app, isTyped })
        .map((line) => `${newline}${line && indent}${line}`)
        .join(''),
    },
    ...(listening
      ? [
          {
            at: listening.index,
            text: `${indent}${app}.use(userrefErrors()); // errors as pages and problems${newline}`,
          },
        ]
      : []),
  ];
  return { after: insert(text, pieces), isListening: listening !== null };
}

function importLine(expressLine: string): string {
  return expressLine.includes('require(')
    ? `const { userref, userrefErrors } = require('${PACKAGE}');`
    : `import { userref, userrefErrors } from '${PACKAGE}';`;
}

function useLines({ app, isTyped }: { app: string; isTyped: boolean }): string[] {
  return [
    '',
    '// Sign-in, sign-out and webhooks of Userref; before body parsers. Settings: .env.local, by `userref dev`.',
    `${app}.use(`,
    '  userref({',
    ...SETTINGS.map(([option, name]) => `    ${option}: process.env.${name}${isTyped ? '!' : ''},`),
    '  }),',
    ');',
  ];
}

/** From the last piece to the first, so that places stay where they are. */
function insert(text: string, pieces: readonly { at: number; text: string }[]): string {
  return pieces
    .toSorted((a, b) => b.at - a.at)
    .reduce((whole, piece) => whole.slice(0, piece.at) + piece.text + whole.slice(piece.at), text);
}
