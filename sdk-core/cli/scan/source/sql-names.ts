const NAME = '(?:"(?:[^"]|"")+"|`(?:[^`]|``)+`|\\[[^\\]]+\\]|[\\w$\\u0080-\\uffff]+)';
const TABLE = `(${NAME}(?:\\s*\\.\\s*${NAME})*)`;
const INSERT = new RegExp(
  `^(?:INSERT|REPLACE)\\s+(?:IGNORE\\s+|DELAYED\\s+)*INTO\\s+${TABLE}\\s*(?:\\(([^()]*)\\))?\\s*(?:OVERRIDING\\s+\\w+\\s+VALUE\\s+)?VALUES\\s*$`,
  'i',
);
const COPY = new RegExp(`^COPY\\s+${TABLE}\\s*(?:\\(([^()]*)\\))?\\s+FROM\\s+stdin`, 'i');
const CREATE = new RegExp(
  `^CREATE\\s+(?:\\w+\\s+)*?TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?${TABLE}\\s*\\(([\\s\\S]*)$`,
  'i',
);
const NO_COLUMN = /^(PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|CONSTRAINT|FOREIGN|CHECK|EXCLUDE|LIKE)\b/i;

export interface TableColumns {
  readonly table: string;
  /** Empty when the statement does not name them. */
  readonly columns: readonly string[];
}

/** The head of an INSERT, up to and with VALUES. */
export function readInsert(head: string): TableColumns | undefined {
  return readList(INSERT.exec(head));
}

export function readCopy(statement: string): TableColumns | undefined {
  return readList(COPY.exec(statement));
}

export function readCreate(statement: string): TableColumns | undefined {
  const [, table, body] = CREATE.exec(statement) ?? [];
  if (table === undefined || body === undefined) return undefined;
  const columns = splitOutside(body)
    .filter((part) => part !== '' && !NO_COLUMN.test(part))
    .map((part) => plain(new RegExp(`^${NAME}`).exec(part)?.[0] ?? ''))
    .filter((name) => name !== '');
  return { table: plain(table), columns };
}

function readList(match: RegExpExecArray | null): TableColumns | undefined {
  const [, table, list] = match ?? [];
  if (table === undefined) return undefined;
  return { table: plain(table), columns: list === undefined ? [] : splitOutside(list).map(plain) };
}

function plain(name: string): string {
  return name
    .trim()
    .replaceAll(/["`[\]]/g, '')
    .replaceAll(/\s*\.\s*/g, '.');
}

/** Parts between the commas that stand in no parentheses and no quotes; ends where the parentheses close. */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let [depth, start, quote] = [0, 0, ''];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (/["'`]/.test(letter)) quote = letter;
    else if (letter === '(') depth += 1;
    else if (letter === ')') depth -= 1;
    if (depth < 0) {
      parts.push(text.slice(start, at).trim());
      return parts;
    }
    if (letter !== ',' || depth > 0 || quote !== '') continue;
    parts.push(text.slice(start, at).trim());
    start = at + 1;
  }
  parts.push(text.slice(start).trim());
  return parts;
}
