/** Longest line that a value is kept on. */
const LINE_WIDTH = 110;

/** Writes a JSON value as TypeScript source: single quotes, bare member names, one line where it fits. */
export function literal(value: unknown, indent = 0): string {
  const short = oneLine(value);
  if (indent + short.length + 1 <= LINE_WIDTH && !isDeep(value)) return short;
  const inner = ' '.repeat(indent + 2);
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${inner}${literal(item, indent + 2)},\n`).join('')}${' '.repeat(indent)}]`;
  }
  if (isRecord(value)) {
    const members = Object.entries(value).map(
      ([name, item]) => `${inner}${memberName(name)}: ${literal(item, indent + 2)},\n`,
    );
    return `{\n${members.join('')}${' '.repeat(indent)}}`;
  }
  return short;
}

/** Quotes a string as TypeScript does by hand: single quotes, unless the text has more of them than double ones. */
export function quote(text: string): string {
  const json = JSON.stringify(text);
  if (text.includes("'") && !text.includes('"')) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (isRecord(value)) {
    const members = Object.entries(value).map(([name, item]) => `${memberName(name)}: ${oneLine(item)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return typeof value === 'string' ? quote(value) : JSON.stringify(value);
}

/** Records of records are easier to read spread out, even when they would fit. */
function isDeep(value: unknown): boolean {
  return isRecord(value) && Object.values(value).some(isRecord);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
