/** A longer one may be a telephone number. */
const NUMBER = /^\d{1,8}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * What names a row in a report. The first column counts as its key, but only a number or a UUID is shown: any
 * other key may be a name or an address itself.
 */
export function rowName(row: { column: string; key: string; number: number; isKeyFound: boolean }): string {
  const { column, number, isKeyFound } = row;
  const key = row.key.trim();
  const isShown = !isKeyFound && (NUMBER.test(key) || UUID.test(key));
  return isShown ? `${column}=${key}` : `#${number}`;
}
