import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLUGIN = fileURLToPath(new URL('..', import.meta.url));
const LANGUAGES = join(PLUGIN, 'languages');
const TEMPLATE = 'userref-login.pot';

/** WordPress's functions and which argument is text, plural, context or domain. */
const KEYWORDS = [
  '__:1,2t',
  '_e:1,2t',
  'esc_html__:1,2t',
  'esc_html_e:1,2t',
  'esc_attr__:1,2t',
  'esc_attr_e:1,2t',
  '_x:1,2c,3t',
  'esc_html_x:1,2c,3t',
  'esc_attr_x:1,2c,3t',
  '_n:1,2,4t',
  '_n_noop:1,2,3t',
  '_nx:1,2,4c,5t',
];

const HEADER = `# Strings of the plug-in Userref Login, GPL-2.0-or-later.
msgid ""
msgstr ""
"Project-Id-Version: Userref Login\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"X-Domain: userref-login\\n"
`;

/** Every string of the sources, as a template for translators. The same sources give the same text. */
export function extractTemplate(): string {
  const words = [
    '--language=PHP',
    '--from-code=UTF-8',
    '--no-wrap',
    '--add-comments=translators:',
    '--add-location=file',
    '--omit-header',
    '--sort-by-file',
    '--keyword',
    ...KEYWORDS.map((keyword) => `--keyword=${keyword}`),
    '--output=-',
    ...phpFiles(),
  ];
  return `${HEADER}\n${run('xgettext', words)}`;
}

/** What is wrong with a translation: strings that are missing, left over or break a placeholder. */
export function translationProblems(po: string): string[] {
  const file = join(LANGUAGES, po);
  const problems = [
    ['msgfmt', '--check', '--check-format', '--output-file=/dev/null', file],
    ['msgcmp', file, join(LANGUAGES, TEMPLATE)],
  ].map(([program = '', ...words]) => attempt(program, words));
  return problems.filter((problem) => problem !== '');
}

/** The translations of the repository, by file name. */
export function translations(): string[] {
  return existsSync(LANGUAGES) ? readdirSync(LANGUAGES).filter((name) => name.endsWith('.po')) : [];
}

/** A `.mo` beside each `.po` of a folder. */
export function compileTranslations(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.po'))) {
    const to = join(folder, name.replace(/\.po$/, '.mo'));
    run('msgfmt', ['--endianness=little', `--output-file=${to}`, join(folder, name)]);
  }
}

function phpFiles(): string[] {
  const all = readdirSync(PLUGIN, { recursive: true, encoding: 'utf8' });
  return all.filter((path) => /^(?:src\/.+|[^/]+)\.php$/.test(path)).sort();
}

function run(program: string, words: readonly string[]): string {
  return execFileSync(program, words, { cwd: PLUGIN, encoding: 'utf8', stdio: 'pipe' });
}

function attempt(program: string, words: readonly string[]): string {
  try {
    run(program, words);
    return '';
  } catch (error) {
    return String((error as { stderr?: string }).stderr ?? error);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(LANGUAGES, TEMPLATE), extractTemplate());
  const problems = translations().flatMap(translationProblems);
  process.stderr.write(problems.join('\n'));
  process.exitCode = problems.length > 0 ? 1 : 0;
}
