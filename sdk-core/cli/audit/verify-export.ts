import { hash } from 'node:crypto';
import type { Checkpoint } from './checkpoint.ts';
import { claimedNumber, type ExportLine, parseExportLine, parseExportStart } from './export-line.ts';
import { GrowingTree } from './merkle.ts';

/** What was done to a log, as far as its export tells. */
export type Fault =
  | 'malformed'
  | 'edited'
  | 'removed'
  | 'reordered'
  | 'duplicated'
  | 'tail_cut'
  | 'another_log'
  | 'rewritten';

export type Verdict =
  | {
      readonly ok: true;
      readonly log: string;
      /** Entries that the newest checkpoint covers. */
      readonly covered: number;
      /** Entries after it: linked to it, but not signed yet. */
      readonly beyond: number;
    }
  | {
      readonly ok: false;
      /** The first entry that is not as it was signed. With `rewritten`, the first that may be. */
      readonly seq: number;
      readonly fault: Fault;
      readonly detail: string;
    };

export interface VerifyExportOptions {
  /** With good signatures, all of one log; the export must agree with every one of them. */
  readonly checkpoints: readonly Checkpoint[];
  /** One of them that an export without the beginning of its log may go on from. */
  readonly since?: Checkpoint | undefined;
}

const DETAILS: Record<Fault, string> = {
  malformed: 'this line is not one that an export writes',
  edited: 'its bytes are not those that were hashed',
  removed: 'it is missing',
  reordered: 'it stands behind later entries',
  duplicated: 'it stands there twice',
  tail_cut: 'the export ends here, and more was signed',
  another_log: 'it belongs to another log than the checkpoint',
  rewritten: 'links and hashes fit each other, but not what was signed',
};

/**
 * Checks an export line by line. Keeps one line back and a few dozen hashes, however long the export is.
 * Give it lines until one gives a verdict, or until there are no more; then `finish()`.
 */
export class ExportVerifier {
  readonly #log: string;
  readonly #since: Checkpoint | undefined;
  /** Not met yet, smallest first. */
  readonly #checkpoints: Checkpoint[];
  readonly #covered: number;
  #tree = new GrowingTree();
  #prev: string;
  /** Entries up to here agree with a checkpoint. */
  #proven = 0;
  #started = false;
  #missing: number | undefined;
  #brokenAt: ExportLine | undefined;

  constructor({ checkpoints, since }: VerifyExportOptions) {
    this.#checkpoints = [...checkpoints].sort((a, b) => a.size - b.size);
    const newest = this.#checkpoints.at(-1);
    if (!newest) throw new TypeError('there is nothing to verify an export against without a checkpoint');
    this.#log = newest.log;
    this.#covered = newest.size;
    this.#since = since;
    this.#prev = hash('sha256', this.#log, 'base64');
  }

  /** Entries seen and found in order. */
  get entries(): number {
    return this.#tree.size;
  }

  /** @returns a verdict as soon as the first fault is certain */
  take(line: Buffer): Verdict | undefined {
    if (!this.#started) {
      this.#started = true;
      const start = this.#takeStart(line);
      if (start !== 'none') return start;
    }
    if (this.#missing !== undefined) return this.#lookForMissing(line, this.#missing);
    const expected = this.#tree.size + 1;
    const parsed = parseExportLine(line);
    if (this.#brokenAt)
      return this.#blame(this.#brokenAt, typeof parsed === 'string' ? undefined : parsed.prev);
    if (typeof parsed === 'string') return fault(expected, parsed);
    if (parsed.log !== this.#log) return fault(expected, 'another_log');
    if (parsed.seq < expected) return fault(parsed.seq, 'duplicated');
    if (parsed.seq > expected) {
      this.#missing = expected;
      return undefined;
    }
    if (parsed.prev !== this.#prev) {
      // Whether this entry or the one before was edited, the next one tells.
      this.#brokenAt = parsed;
      return undefined;
    }
    return this.#append(parsed);
  }

  /** The verdict when there are no more lines. */
  finish(): Verdict {
    if (this.#missing !== undefined) return fault(this.#missing, 'removed');
    if (this.#brokenAt) {
      const { seq } = this.#brokenAt;
      const signed = this.#checkpoints.find((one) => one.size === seq);
      return this.#blame(this.#brokenAt, signed?.head.toString('base64'));
    }
    const [next] = this.#checkpoints;
    if (next) return fault(this.#tree.size + 1, 'tail_cut');
    return { ok: true, log: this.#log, covered: this.#covered, beyond: this.#tree.size - this.#covered };
  }

  #takeStart(line: Buffer): Verdict | undefined | 'none' {
    const start = parseExportStart(line);
    if (!start) return 'none';
    const since = this.#since;
    if (since?.size !== start.size || since.head.toString('base64') !== start.head)
      return fault(
        start.size,
        'rewritten',
        'the export goes on from another place than the older checkpoint',
      );
    try {
      this.#tree = new GrowingTree(start.size, start.frontier);
    } catch {
      return fault(start.size, 'malformed');
    }
    this.#prev = start.head;
    while ((this.#checkpoints[0]?.size ?? Number.POSITIVE_INFINITY) < start.size) this.#checkpoints.shift();
    return this.#compareWithCheckpoints();
  }

  #append(line: ExportLine): Verdict | undefined {
    const edited = this.#isOnlyLastEdited(line);
    this.#tree.append(line.leaf);
    this.#prev = line.leafText;
    return edited ? fault(line.seq, 'edited') : this.#compareWithCheckpoints();
  }

  /** The signed hash of the last entry tells an edit of it from a rewritten log. */
  #isOnlyLastEdited({ seq, leaf }: ExportLine): boolean {
    const [checkpoint] = this.#checkpoints;
    if (checkpoint?.size !== seq || checkpoint.head.equals(leaf)) return false;
    return this.#tree.rootWith(checkpoint.head).equals(checkpoint.root);
  }

  #compareWithCheckpoints(): Verdict | undefined {
    while (this.#checkpoints[0]?.size === this.#tree.size) {
      const checkpoint = this.#checkpoints.shift() as Checkpoint;
      if (!checkpoint.root.equals(this.#tree.root())) {
        const range = `something in ${this.#proven + 1} to ${checkpoint.size} was changed, and everything after it computed anew`;
        return fault(this.#proven + 1, 'rewritten', range);
      }
      this.#proven = checkpoint.size;
    }
    return undefined;
  }

  #lookForMissing(line: Buffer, missing: number): Verdict | undefined {
    return claimedNumber(line) === missing ? fault(missing, 'reordered') : undefined;
  }

  /** The link from `line` back is broken. If what follows vouches for `line`, the one before was edited. */
  #blame(line: ExportLine, vouchedFor: string | undefined): Verdict {
    if (line.seq > 1 && vouchedFor === line.leafText) return fault(line.seq - 1, 'edited');
    return fault(line.seq, 'edited');
  }
}

function fault(seq: number, kind: Fault, detail: string = DETAILS[kind]): Verdict {
  return { ok: false, seq, fault: kind, detail };
}
