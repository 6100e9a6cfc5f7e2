import { lstatSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';

const WRITABLE_BY_EVERYBODY = 0o002;
const STICKY = 0o1000;

/**
 * Clears the way for a socket: one that nobody listens on any more is removed.
 * @throws Error when its folder is missing or open to everybody, a process may listen on it, or something else lies there
 */
export async function claimSocket(path: string): Promise<void> {
  // The system would speak of a permission.
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder === undefined) throw new Error(`The folder of ${path} is not there.`);
  // Whoever puts a socket of their own there is shown the secret. In folders like /tmp nobody can take ours away.
  const isOpen = (folder.mode & WRITABLE_BY_EVERYBODY) !== 0 && (folder.mode & STICKY) === 0;
  if (isOpen) throw new Error(`Everybody may write to the folder of ${path}.`);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${path} is there already and is no socket.`);
  if (!(await isDead(path))) throw new Error(`A bridge listens on ${path} already.`);
  unlinkSync(path);
}

/** One that is too busy for us, or not for us to open, is alive. */
function isDead(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(false);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => done(code === 'ECONNREFUSED'));
  });
}

/** The number of a group by its name. @throws Error when there is none */
export function groupNumber(group: string): number {
  if (/^\d+$/.test(group)) return Number(group);
  const line = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${group}:`));
  if (line === undefined) throw new Error(`There is no group ${group}.`);
  return Number(line.split(':')[2]);
}
