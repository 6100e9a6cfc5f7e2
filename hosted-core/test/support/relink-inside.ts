import {
  type Dirent,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Makes unpacked packages stand on their own: links and PHP loaders that name an absolute path (`/usr/share/php/…`) of
 * the unpacked tree lead into the tree instead of the machine. Links to what was not unpacked stay.
 * @param finallyAt where the tree will lie
 */
export function relinkInside(root: string, { finallyAt }: { readonly finallyAt: string }): void {
  for (const entry of entriesIn(root)) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) relink(root, file);
    else if (entry.name === 'autoload.php') readFromInside(file, finallyAt);
  }
}

/** All below a folder. Node's own recursive listing goes through links, and so out of the tree. */
function entriesIn(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? entriesIn(join(folder, entry.name)) : [entry],
  );
}

function relink(root: string, link: string): void {
  const target = readlinkSync(link);
  if (!target.startsWith('/') || !existsSync(join(root, target))) return;
  rmSync(link);
  symlinkSync(relative(dirname(link), join(root, target)), link);
}

function readFromInside(file: string, root: string): void {
  const code = readFileSync(file, 'utf8');
  const own = code.replaceAll("'/usr/share/php/", `'${join(root, 'usr', 'share', 'php')}/`);
  if (own !== code) writeFileSync(file, own);
}
