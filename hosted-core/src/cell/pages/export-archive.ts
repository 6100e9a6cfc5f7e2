import { readFile } from 'node:fs/promises';
import type { ExportedAuditEntry } from '../../wall/core-gateway.ts';
import type { ExportedPerson } from '../own-data/export-person.ts';
import { zipArchive } from '../own-data/zip-archive.ts';
import { inert } from './inert-text.ts';
import { attributeLabel } from './masking.ts';
import type { Translator } from './messages/translator.ts';
import { ownDataRows } from './own-data.ts';
import type { PageDependencies } from './page-dependencies.ts';

const STYLESHEET = new URL('./assets/userref.css', import.meta.url);
const READS = ['attributes.released', 'attributes.unsealed'];

/**
 * The copy that people take with them: `my-data.json` for machines, `my-data.html` with the same for people, in their
 * language, and their receipts with the keys to check them.
 */
export async function exportArchive(
  deps: Pick<PageDependencies, 'pages' | 'catalogue' | 'receiptKeys'>,
  { data, receipts }: ExportedPerson,
  t: Translator,
): Promise<Buffer> {
  const json = `${JSON.stringify(data, null, 2)}\n`;
  const html = deps.pages.document('export-file', t, exportPage(deps, { data, receipts }, t));
  const keys = `${JSON.stringify(await deps.receiptKeys.jwks(), null, 2)}\n`;
  const files = [
    { name: 'my-data.json', bytes: Buffer.from(json) },
    { name: 'my-data.html', bytes: Buffer.from(html) },
    { name: 'userref.css', bytes: await readFile(STYLESHEET) },
    ...receipts.map(({ receiptId, jws }) => ({
      name: `receipts/consent-receipt-${receiptId}.jwt`,
      bytes: Buffer.from(`${jws}\n`),
    })),
    { name: 'receipts/keys.json', bytes: Buffer.from(keys) },
  ];
  return zipArchive(files, data.made_at);
}

/** The same for people: values and readers first, then every record as it is kept. */
function exportPage(
  { catalogue }: Pick<PageDependencies, 'catalogue'>,
  { data }: ExportedPerson,
  t: Translator,
) {
  const sources = new Map(data.values.map(({ attribute, source }) => [attribute, source]));
  const label = (name: string) => attributeLabel(name, t.locale, catalogue);
  return {
    made: t.text('file.made', { date: t.moment(data.made_at) }),
    values: ownDataRows(data.values, t, catalogue).map((row) => ({
      ...row,
      source: t.text(sources.get(row.attribute) === 'person' ? 'file.source.person' : 'file.source.upstream'),
    })),
    reads: data.cell.audit
      .filter(({ action }) => READS.includes(action))
      .map((one) => readRow(one, label, t)),
    tables: [
      ...Object.entries(data.cell.records).map(([name, rows]) => tableOf(name, rows)),
      ...Object.entries(data.core.records).map(([name, rows]) => tableOf(name, rows)),
      tableOf('cell.audit', data.cell.audit),
      tableOf('core.audit', data.core.audit),
    ].filter(({ rows }) => rows.length > 0),
  };
}

function readRow(
  { occurred_at, site_id, data }: ExportedAuditEntry,
  label: (name: string) => string,
  t: Translator,
) {
  const { attributes = [], purpose = '' } = data as { attributes?: readonly string[]; purpose?: string };
  return {
    at: t.moment(occurred_at),
    site: inert(site_id ?? ''),
    what: attributes.map(label).join(', '),
    purpose: inert(purpose),
  };
}

function tableOf(name: string, rows: readonly object[]) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { name, columns, rows: rows.map((row) => columns.map((column) => cellOf(row, column))) };
}

function cellOf(row: object, column: string): string {
  const value = (row as Record<string, unknown>)[column];
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return inert(typeof value === 'string' ? value : JSON.stringify(value));
}
