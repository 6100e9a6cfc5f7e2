import { inert } from '../console/inert.ts';
import type { Finding, Scan } from './finding.ts';

/** What a scan found, bounded: places are listed up to a number, and all of them are counted. */
export class Report {
  readonly findings: Finding[] = [];
  readonly unread: { source: string; why: string }[] = [];
  readonly tooShort: readonly string[];
  readonly #search: Scan['search'];
  readonly #mostFindings: number;
  readonly #columns = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #found = 0;
  searchedBytes = 0;
  /** Whether it was ended before its time. */
  isStopped = false;

  constructor(options: { mostFindings: number; tooShort: readonly string[]; search: Scan['search'] }) {
    this.#mostFindings = options.mostFindings;
    this.tooShort = options.tooShort;
    this.#search = options.search;
  }

  add(given: Finding): void {
    const { column } = given;
    const finding = column === undefined ? given : { ...given, column: this.#shownColumn(column) };
    this.#found += 1;
    if (this.findings.length < this.#mostFindings) this.findings.push(finding);
    const where = `${finding.column ?? finding.source}: ${finding.kind}`;
    this.#counts.set(where, (this.#counts.get(where) ?? 0) + 1);
  }

  /** A table or a column may be called by a value, as one for each customer is. */
  #shownColumn(column: string): string {
    const known = this.#columns.get(column);
    if (known !== undefined) return known;
    const isValue = this.#search(Buffer.from(column, 'utf8')).length > 0;
    const shown = isValue ? '[name].[name]' : column;
    this.#columns.set(column, shown);
    return shown;
  }

  get found(): number {
    return this.#found;
  }

  /** 0 clean · 1 found · 2 nothing found, and not everything (or nothing) was looked into · 130 stopped */
  get exitCode(): number {
    if (this.isStopped) return 130;
    if (this.#found > 0) return 1;
    return this.unread.length > 0 || this.searchedBytes === 0 ? 2 : 0;
  }

  forScripts() {
    return {
      clean: this.exitCode === 0,
      found: this.#found,
      findings: this.findings,
      counts: Object.fromEntries(this.#counts),
      searched_bytes: this.searchedBytes,
      stopped: this.isStopped,
      not_read: this.unread,
      not_searched: this.tooShort,
    };
  }

  forPeople(): string {
    const size = `${(this.searchedBytes / 1e6).toFixed(1)} MB`;
    const left = this.#found - this.findings.length;
    return [
      ...this.findings.map(line),
      ...(left > 0 ? [`… and ${left} more places.`] : []),
      ...(this.#found > 0
        ? ['', 'Found:', ...[...this.#counts].map(([where, n]) => `  ${where} × ${n}`)]
        : []),
      ...this.unread.map(({ source, why }) => `Not looked into: ${source}: ${why}.`),
      ...this.tooShort.map((kind) => `Not searched for: ${kind}, too short to be told from chance.`),
      this.#found > 0
        ? `Personal data in ${this.#found} ${this.#found === 1 ? 'place' : 'places'}. Searched ${size}.`
        : this.searchedBytes > 0
          ? `Nothing found. Searched ${size}.`
          : 'There was nothing to search that could be.',
      ...(this.isStopped ? ['Stopped before the end: the rest was not looked into.'] : []),
    ]
      .map(inert)
      .join('\n');
  }
}

function line({ source, kind, forms, offset, line, column, row }: Finding): string {
  const place = [
    line === undefined ? source : `${source}:${line}`,
    ...(column === undefined ? [] : [`${column} ${row ?? ''}`.trim()]),
    ...(offset === undefined ? [] : [`byte ${offset}`]),
  ];
  return `${place.join('  ')}  ${kind}${forms.length > 0 ? ` (${forms.join(', ')})` : ''}`;
}
