import { readFileSync, statSync } from 'node:fs';
import pg from 'pg';

const MARK = 'userref_bench_mark';
/** The two applications whose statements belong to a request. */
const OURS = /^userref-(core|cell)$/;
/** What the job workers ask for by themselves, request or no request. */
const BACKGROUND = /_private_(jobs|job_queues|tasks|known_crontabs)|\bcron\b/;
const ENTRY = /^([^|\n]*)\|LOG: {2}(?:statement|execute [^:]*): /gm;

/**
 * Counts the statements that reach PostgreSQL, in the server's own log (`log_statement = all`). Several
 * statements sent together count as several; what a function does inside the server is not seen.
 */
export class StatementCounter {
  readonly #admin: pg.Client;
  readonly #log: string;

  private constructor(admin: pg.Client, log: string) {
    this.#admin = admin;
    this.#log = log;
  }

  static async start(adminDatabaseUrl: string, log: string): Promise<StatementCounter> {
    const admin = new pg.Client({ connectionString: adminDatabaseUrl, application_name: 'bench' });
    await admin.connect();
    await admin.query("alter system set log_statement = 'all'");
    await admin.query('select pg_reload_conf()');
    // Backends take the setting over when they next are idle.
    await new Promise((done) => setTimeout(done, 300));
    return new StatementCounter(admin, log);
  }

  /** @returns for each unit of work, the texts of its statements, without values */
  async count(times: number, work: (index: number) => Promise<void>): Promise<string[][]> {
    const from = statSync(this.#log).size;
    await this.#mark();
    for (let index = 0; index < times; index += 1) {
      await work(index);
      await this.#mark();
    }
    const text = readFileSync(this.#log).subarray(from).toString('utf8');
    const units: string[][] = [];
    for (const { application, sql } of entriesOf(text)) {
      if (sql.includes(MARK)) units.push([]);
      else if (OURS.test(application) && !BACKGROUND.test(sql)) units.at(-1)?.push(...statementsOf(sql));
    }
    return units.slice(0, times);
  }

  async stop(): Promise<void> {
    await this.#admin.end();
  }

  async #mark(): Promise<void> {
    await this.#admin.query(`select '${MARK}'`);
  }
}

function entriesOf(text: string): { application: string; sql: string }[] {
  const starts = [...text.matchAll(ENTRY)];
  return starts.map((start, index) => {
    const end = starts[index + 1]?.index ?? text.length;
    return { application: start[1] ?? '', sql: text.slice(start.index + start[0].length, end) };
  });
}

/** Parameters are not in the log; literals of the text itself are taken out here. */
function statementsOf(sql: string): string[] {
  return sql
    .replace(/'(?:[^']|'')*'/g, '…')
    .split(';')
    .map((one) => one.replace(/\s+/g, ' ').trim())
    .filter((one) => one !== '');
}
