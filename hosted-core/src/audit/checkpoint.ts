/** What a checkpoint says about a log (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly log: string;
  readonly size: number;
  readonly root: Buffer;
  /** Leaf hash of the last entry. */
  readonly head: Buffer;
  /** When it was made, RFC 3339. */
  readonly time: string;
}

const FORM =
  /^(?<log>[^\s+]+)\n(?<size>0|[1-9]\d{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\nhead (?<head>[A-Za-z0-9+/]{43}=)\ntime (?<time>\S+)\n$/;

/** The text that is signed; `head` and `time` are extension lines. */
export function checkpointText({ log, size, root, head, time }: Checkpoint): string {
  return `${log}\n${size}\n${root.toString('base64')}\nhead ${head.toString('base64')}\ntime ${time}\n`;
}

/** @throws TypeError for anything else than {@link checkpointText} makes */
export function parseCheckpoint(text: string): Checkpoint {
  const groups = FORM.exec(text)?.groups;
  if (!groups) throw new TypeError('not a checkpoint of an audit log');
  const { log = '', size = '', root = '', head = '', time = '' } = groups;
  return {
    log,
    size: Number(size),
    root: Buffer.from(root, 'base64'),
    head: Buffer.from(head, 'base64'),
    time,
  };
}

const SUCCESSION = 'userref.audit/key-succession/v1';

/** The text in which a key of a log vouches for the next one; signed by both. */
export function successionText(succession: { log: string; publicKey: string; time: string }): string {
  return `${SUCCESSION}\n${succession.log}\n${succession.publicKey}\n${succession.time}\n`;
}

const LOG_SUCCESSION = 'userref.audit/log-succession/v1';

/** The text in which the key of a closed log names the log that follows, and the key of that; signed by both. */
export function logSuccessionText(succession: {
  log: string;
  size: number;
  root: Buffer;
  next: string;
  publicKey: string;
  time: string;
}): string {
  const { log, size, root, next, publicKey, time } = succession;
  return `${LOG_SUCCESSION}\n${log}\n${size}\n${root.toString('base64')}\n${next}\n${publicKey}\n${time}\n`;
}
