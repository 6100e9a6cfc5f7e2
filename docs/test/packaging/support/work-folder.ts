import { join } from 'node:path';
import { root } from '../../support/repository-files.ts';

/** Where packages are packed, and what was fetched is kept for the next time. */
export const workFolder = join(root, '.cache', 'packaging');
