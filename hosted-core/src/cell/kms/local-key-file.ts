import { createHash, createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KEY_BYTES, unwrapKey, wrapKey } from './key-blob.ts';
import { encodeKeyContext } from './key-context.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { KeyContext, KeyWrapper } from './key-wrapper.ts';

export interface LocalKeyFileOptions {
  readonly path: string;
  /** What to do when there is no file: make one (development), or refuse. Default `'refuse'`. */
  readonly whenMissing?: 'create' | 'refuse';
}

/** The key file cannot be used. `problem` says why, `fix` what to do; neither holds key material. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
  readonly code = 'key_file_unusable';
  readonly problem: string;
  readonly fix: string;

  constructor(path: string, problem: string, fix: string, cause?: unknown) {
    super(`The vault's key file ${path} ${problem}. ${fix}`, { cause });
    this.problem = problem;
    this.fix = fix;
  }
}

const LABEL = 'userref-root-key-v1';
const WRAP_DOMAIN = 'userref/kek/v1';
const LINE = /^userref-root-key-v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]{43})\.([0-9a-f]{16})\n$/;
const MAX_FILE_BYTES = 4096;
const GROUP_AND_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const RESTORE = 'Restore it from your backup: without the right key no stored value can be opened again.';

/** The key of the file, as it was when it was opened. */
export interface LocalKeyFile extends KeyWrapper {
  readonly rootKeyId: string;
}

/**
 * The key management service for development and small installations: the root key lies in a file that
 * only the service's own account may read. Throws {@link KeyFileError} for a file that is missing,
 * truncated, readable by others, owned by somebody else or of an unknown form.
 *
 * The key is read once. Nothing new is wrapped once the file is no longer the same, because a restart would
 * not open it again; what was wrapped before still opens until then.
 */
export async function openLocalKeyFile(options: LocalKeyFileOptions): Promise<LocalKeyFile> {
  const root = await readOrCreate(options);
  return {
    rootKeyId: root.id,
    async wrap(plainKey, context) {
      await refuseReplaced(options.path, root);
      return { rootKeyId: root.id, blob: wrapKey(root.key, plainKey, bind(root.id, context)) };
    },
    async unwrap(wrapped, context) {
      if (wrapped.rootKeyId !== root.id) {
        throw new KeyServiceError('damaged', `key was wrapped by another key file than ${root.id}`);
      }
      return unwrapKey(root.key, wrapped.blob, bind(root.id, context));
    },
  };
}

interface RootKey {
  readonly id: string;
  readonly key: KeyObject;
}

function bind(rootKeyId: string, context: KeyContext): Buffer {
  return encodeKeyContext(WRAP_DOMAIN, context, rootKeyId);
}

async function refuseReplaced(path: string, root: RootKey): Promise<void> {
  const now = await readRootKey(path).catch((cause: unknown) => {
    const problem = cause instanceof KeyFileError ? cause.problem : 'cannot be read';
    throw new KeyServiceError('denied', `the key file ${problem} since this process started`, { cause });
  });
  if (!now) throw new KeyServiceError('denied', 'the key file was removed since this process started');
  if (now.id === root.id && now.key.equals(root.key)) return;
  throw new KeyServiceError(
    'denied',
    `the key file was replaced: it holds ${now.id}, and this process runs with ${root.id}. Put the old file back, or restart`,
  );
}

async function readOrCreate({ path, whenMissing }: LocalKeyFileOptions): Promise<RootKey> {
  const found = await readRootKey(path);
  if (found) return found;
  if (whenMissing !== 'create') {
    throw new KeyFileError(path, 'does not exist', `${RESTORE} For a new vault: userref-core kms create-key`);
  }
  await createKeyFile(path);
  const created = await readRootKey(path);
  if (!created) throw new KeyFileError(path, 'vanished while it was being made', 'Start again.');
  return created;
}

async function readRootKey(path: string): Promise<RootKey | undefined> {
  await refuseOpenFolder(path);
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new KeyFileError(
      path,
      `cannot be read (${cause.code})`,
      'Give it to the account that runs the service.',
      cause,
    );
  });
  if (!file) return undefined;
  try {
    // Asked of the open file, not of the path: nobody can swap it between the question and the read.
    const facts = await file.stat();
    if (!facts.isFile()) throw new KeyFileError(path, 'is not a regular file', 'Name a file.');
    refuseStrangers(path, facts);
    if (facts.size > MAX_FILE_BYTES) throw new KeyFileError(path, 'is not a key file', RESTORE);
    return parse(path, await file.readFile('latin1'));
  } finally {
    await file.close();
  }
}

function refuseStrangers(path: string, facts: { mode: number; uid: number }): void {
  const uid = process.geteuid?.();
  if (uid === undefined) return; // Windows has neither owners nor modes of this kind.
  if (facts.uid !== uid) {
    throw new KeyFileError(
      path,
      'belongs to another account',
      `Give it to the account that runs the service: chown ${uid} ${path}`,
    );
  }
  if ((facts.mode & GROUP_AND_OTHERS) !== 0) {
    throw new KeyFileError(path, 'is open to other accounts', `Close it: chmod 600 ${path}`);
  }
}

/** Whoever may write to the folder may put another file in its place. A sticky folder, such as /tmp, is fine. */
async function refuseOpenFolder(path: string): Promise<void> {
  const folder = dirname(path);
  const facts = await stat(folder).catch(() => undefined);
  if (!facts || process.geteuid === undefined) return;
  if ((facts.mode & WRITABLE_BY_OTHERS) === 0 || (facts.mode & STICKY) !== 0) return;
  throw new KeyFileError(path, 'lies in a folder that others may write to', `Close it: chmod go-w ${folder}`);
}

function parse(path: string, text: string): RootKey {
  const match = LINE.exec(text);
  if (!match) {
    const known = text.startsWith(LABEL);
    throw new KeyFileError(
      path,
      known ? 'is truncated or damaged' : 'is not a key file of a known form',
      RESTORE,
    );
  }
  const [, id, encoded, checksum] = match as unknown as [string, string, string, string];
  if (checksumOf(id, encoded) !== checksum) throw new KeyFileError(path, 'is damaged', RESTORE);
  const bytes = Buffer.from(encoded, 'base64url');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return { id: `local-${id}`, key };
}

/**
 * The file appears whole or not at all: written under another name, synced, then linked. A second process
 * that does the same at once loses the race and reads the winner's file.
 */
async function createKeyFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}.new`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(newLine());
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    await unlink(draft);
  }
  await syncFolder(dirname(path));
}

/** A key that has wrapped something must still be there after a power cut. */
async function syncFolder(folder: string): Promise<void> {
  if (process.geteuid === undefined) return; // Windows does not open folders.
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function newLine(): string {
  const id = randomBytes(8).toString('hex');
  const encoded = randomBytes(KEY_BYTES).toString('base64url');
  return `${LABEL}.${id}.${encoded}.${checksumOf(id, encoded)}\n`;
}

/** Finds a damaged file at the start instead of at the first value that does not open. It proves no origin. */
function checksumOf(id: string, encoded: string): string {
  return createHash('sha256').update(`${LABEL}.${id}.${encoded}`).digest('hex').slice(0, 16);
}
