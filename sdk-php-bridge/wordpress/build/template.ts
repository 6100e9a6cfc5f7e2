import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLUGIN = fileURLToPath(new URL('..', import.meta.url));
export const LANGUAGES = join(PLUGIN, 'languages');
export const TEMPLATE = 'userref-login.pot';

/** WordPress's functions, and which arguments are text, plural and context; `t`: how many there are in all. */
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

/** Every string of the sources for translators, by GNU gettext. The same sources give the same text. */
export function extractTemplate(): string {
  const words = [
    '--from-code=UTF-8',
    '--no-wrap',
    '--add-comments=translators:',
    '--add-location=file',
    '--sort-by-file',
    '--keyword',
    ...KEYWORDS.map((keyword) => `--keyword=${keyword}`),
    '--output=-',
    ...sources(),
  ];
  // Texts with typographic signs are no mistake, whatever the system's own character set.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const strings = execFileSync('xgettext', words, { cwd: PLUGIN, encoding: 'utf8', env, stdio: 'pipe' });
  // Its own header has the time in it.
  const body = strings.slice(strings.indexOf('\n\n') + 2);
  return `${HEADER}\n${description()}\n${body}`;
}

/** Of the plug-in's header; WordPress translates it on the list of plug-ins. */
function description(): string {
  const header = readFileSync(join(PLUGIN, 'userref-login.php'), 'utf8');
  const text = / \* Description:\s+(.+)/.exec(header)?.[1] ?? '';
  return `#. Description of the plugin\n#: userref-login.php\nmsgid ${JSON.stringify(text)}\nmsgstr ""\n`;
}

/** The translations of the repository, by file name. */
export function translations(): string[] {
  return existsSync(LANGUAGES) ? readdirSync(LANGUAGES).filter((name) => name.endsWith('.po')) : [];
}

/** What is wrong with a translation: strings that are missing, outdated, or break a placeholder. */
export function translationProblems(file: string): string {
  return (
    attempt('msgfmt', ['--check', '--output-file=/dev/null', file]) +
    attempt('msgcmp', [file, join(LANGUAGES, TEMPLATE)]) +
    attempt('msgcmp', [join(LANGUAGES, TEMPLATE), file, '--use-untranslated'])
  );
}

function sources(): string[] {
  const all = readdirSync(PLUGIN, { recursive: true, encoding: 'utf8' });
  return all.filter((path) => /^(?:src\/.+\.php|assets\/.+\.js|[^/]+\.php)$/.test(path)).sort();
}

function attempt(program: string, words: readonly string[]): string {
  try {
    execFileSync(program, words, { cwd: PLUGIN, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stderr?: string }).stderr ?? error);
  }
}

/** Writes the template, brings the translations in line with it and says what is wrong with them. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const template = join(LANGUAGES, TEMPLATE);
  writeFileSync(template, extractTemplate());
  for (const name of translations()) {
    const words = ['--update', '--backup=none', '--no-wrap', '--no-fuzzy-matching', '--quiet'];
    execFileSync('msgmerge', [...words, '--add-location=file', join(LANGUAGES, name), template]);
  }
  const problems = translations().map((name) => translationProblems(join(LANGUAGES, name)));
  process.stderr.write(problems.join(''));
  process.exitCode = problems.join('') === '' ? 0 : 1;
}
