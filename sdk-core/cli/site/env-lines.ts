const EXPORT = /^\s*export\s+/;
const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/;

/** The values in the text of an env file; the last line of a name counts. */
export function readEnvLines(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = LINE.exec(line) ?? [];
    if (name !== undefined) values.set(name, unquoted(value ?? ''));
  }
  return values;
}

/** The text with these values in it; every other line stays as it is, byte for byte. */
export function mergeEnvLines(
  text: string,
  values: Readonly<Record<string, string>>,
  { heading }: { heading: string },
): string {
  const missing = new Map(Object.entries(values));
  const lines = text.split('\n').map((line) => {
    const name = LINE.exec(line)?.[1] ?? '';
    const value = values[name];
    if (value === undefined) return line;
    missing.delete(name);
    const isSame = readEnvLines(line).get(name) === value;
    const prefix = EXPORT.exec(line)?.[0] ?? '';
    return isSame ? line : `${prefix}${name}=${value}${line.endsWith('\r') ? '\r' : ''}`;
  });
  const kept = lines.join('\n');
  if (missing.size === 0) return kept;
  const between = kept === '' ? '' : kept.endsWith('\n') ? '\n' : '\n\n';
  const added = [...missing].map(([name, value]) => `${name}=${value}\n`).join('');
  return `${kept}${between}# ${heading}\n${added}`;
}

function unquoted(value: string): string {
  return /^(["'`])(.*)\1$/s.exec(value)?.[2] ?? value.replace(/\s+#.*$/, '');
}
