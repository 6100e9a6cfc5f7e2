/** Statements that SQL text begins with. Prose begins with a capital letter or has none of the second words. */
const STATEMENTS = [
  /^select\s[\s\S]*?\bfrom\b/,
  /^select\s+\w+(\.\w+)?\(/,
  /^insert\s+into\s/,
  /^update\s+\S+(\s+as)?(\s+\w+)?\s+set\s/,
  /^delete\s+from\s/,
  /^with\s+\w+(\s*\([^)]*\))?\s+as\s/,
  /^(create|alter|drop)\s+(or\s+replace\s+)?(table|schema|role|user|policy|function|index|unique|extension|database|type)\b/,
  /^(grant|revoke)\s[\s\S]+\b(on|to|from)\s/,
  /^truncate\s/,
  /^(begin|commit|rollback)(\s+(work|transaction|isolation)\b[\s\S]*)?;?$/,
  /^(set\s+(local|role|session)|savepoint|notify|listen)\s/,
];

/** Pieces of statements that name a table of ours. */
const PIECES = /\b(from|into|update|join|on)\s+(core|cell|cell_keys|core_jobs|cell_jobs)\.\w/;

/** Tells SQL from prose and other text: a whole statement, or a piece of one that names a table of ours. */
export function looksLikeSql(text: string): boolean {
  const trimmed = text.trim();
  const lower = trimmed.toLowerCase();
  const firstWord = /^[A-Za-z]+/.exec(trimmed)?.[0] ?? '';
  const isOneCase = firstWord === firstWord.toLowerCase() || firstWord === firstWord.toUpperCase();
  return (isOneCase && STATEMENTS.some((pattern) => pattern.test(lower))) || PIECES.test(lower);
}
