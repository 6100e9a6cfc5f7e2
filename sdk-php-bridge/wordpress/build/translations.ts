import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GetTextTranslation, type GetTextTranslations, mo, po } from 'gettext-parser';

const DOMAIN = 'userref-login';
/** Handles of the scripts that WordPress hands translations to, by their file. */
const SCRIPTS: Readonly<Record<string, string>> = { 'assets/block.js': 'userref-login-block' };

/**
 * Beside each `.po` of a folder: a `.mo` for PHP, and for each script a `.json` with what it shows. Fuzzy entries are
 * not used, as gettext has it.
 */
export function compileTranslations(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.po'))) {
    const base = join(folder, name.slice(0, -'.po'.length));
    const parsed = po.parse(readFileSync(`${base}.po`));
    writeFileSync(`${base}.mo`, mo.compile(parsed));
    for (const [file, handle] of Object.entries(SCRIPTS)) {
      writeFileSync(`${base}-${handle}.json`, `${JSON.stringify(forScript(parsed, file))}\n`);
    }
  }
}

/** In the form that WordPress's `wp.i18n` reads (Jed 1.x). */
function forScript({ headers, translations }: GetTextTranslations, file: string): object {
  const entries = Object.values(translations).flatMap((context) => Object.values(context));
  const shown = entries.filter((entry) => entry.msgid !== '' && isUsedBy(entry, file));
  const messages = shown.map(({ msgctxt, msgid, msgstr }) => [
    msgctxt ? `${msgctxt}\u0004${msgid}` : msgid,
    msgstr,
  ]);
  const head = { domain: 'messages', lang: headers['Language'], 'plural-forms': headers['Plural-Forms'] };
  return {
    domain: 'messages',
    source: file,
    locale_data: { messages: { '': head, ...Object.fromEntries(messages) } },
    generator: DOMAIN,
  };
}

function isUsedBy({ comments }: GetTextTranslation, file: string): boolean {
  return comments?.reference?.split(/\s+/).includes(file) ?? false;
}
