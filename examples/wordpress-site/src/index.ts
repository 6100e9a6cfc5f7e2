/** A real WordPress with its own MariaDB, for programs that start it for somebody: the demo, tests, benchmarks. */
export { type MariaDatabase, startMariaDatabase } from './maria-database.ts';
export { missingPrograms, requiredPackages, versionOf, wordPressSource } from './requirements.ts';
export { type Magazine, type MagazineOptions, startMagazine } from './start-magazine.ts';
export { startWordPressSite } from './start-wordpress-site.ts';
export type { PhpConstants, UserrefOfSite, WordPressOptions, WordPressSite } from './wordpress-site.ts';
