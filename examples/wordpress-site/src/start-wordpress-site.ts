import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { bridgeOfSite } from './bridge-of-site.ts';
import { extendSite } from './extend-site.ts';
import { freePort } from './listening.ts';
import { startMariaDatabase } from './maria-database.ts';
import { type PhpOptions, runScript, startPhpServer, writePhpSettings } from './php.ts';
import { missingPrograms } from './requirements.ts';
import { nameSite, SiteFolder } from './site-folder.ts';
import { type ConfigOptions, databaseName, networkConstants, writeConfig } from './wordpress-config.ts';
import type { PhpConstants, WordPressOptions, WordPressSite } from './wordpress-site.ts';

/**
 * Starts WordPress on PHP's own web server, with a MariaDB of its own on a socket. The very first start on a machine
 * installs (about 10 s), others copy what was installed (about 2 s). Everything that it starts ends with this process.
 *
 * @throws Error when something is missing here, with the command that brings it
 */
export async function startWordPressSite(options: WordPressOptions): Promise<WordPressSite> {
  const problem = missingPrograms();
  if (problem !== undefined) throw new Error(problem);
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    return await start(options, { stops, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Stopping {
  readonly stops: (() => Promise<void>)[];
  stop(): Promise<void>;
}

async function start(options: WordPressOptions, { stops, stop }: Stopping): Promise<WordPressSite> {
  const { userref, onProgress = () => {} } = options;
  const port = options.port ?? (await freePort());
  const url = `http://localhost:${port}`;
  const folder = new SiteFolder(options.dataDir);
  if (folder.isNew) onProgress('laying WordPress and its database');
  await folder.lay({ isNetwork: options.isMultisite ?? false });
  const logs = logsOf(folder);
  const database = await startMariaDatabase({ folder: folder.database });
  stops.push(() => database.stop());
  const record = folder.read();
  if (record.url !== url) {
    await nameSite(database, record, url);
    folder.write({ ...record, url });
  }
  const bridge = userref && (await bridgeOfSite(userref, { url, folder: folder.folder }));
  if (bridge) stops.push(() => bridge.running.stop());
  const setConstants = configurator(folder, {
    socket: database.socket,
    debugLog: logs.debug,
    constants: {
      ...(record.isNetwork && networkConstants(url)),
      ...bridge?.constants,
      ...options.constants,
    },
  });
  const php: PhpOptions = {
    root: folder.root,
    folder: folder.folder,
    logFile: logs.php,
    mailFile: logs.mail,
  };
  writePhpSettings(php);
  const evaluate: WordPressSite['evaluate'] = (code, at) =>
    runScript(php, { script: 'evaluate', url: at?.url ?? url, stdin: code });
  onProgress('starting WordPress');
  await extendSite(folder, { options, evaluate });
  let server = await startPhpServer({ ...php, port });
  stops.push(() => server.stop());
  return {
    url,
    admin: { login: 'admin', password: record.adminPassword },
    folder: folder.folder,
    root: folder.root,
    logs,
    bridge: bridge?.running,
    databaseDump: () => database.dump(databaseName),
    sql: (statement) => database.run(statement, databaseName),
    evaluate,
    setConstants,
    async restartPhp() {
      await server.stop();
      server = await startPhpServer({ ...php, port });
    },
    stop,
  };
}

function logsOf({ logs, database }: SiteFolder): WordPressSite['logs'] {
  const log = (name: string) => {
    const file = join(logs, `${name}.log`);
    appendFileSync(file, '');
    return file;
  };
  return {
    debug: log('debug'),
    php: log('php'),
    mail: log('mail'),
    database: join(database, 'mariadb.log'),
  };
}

/** Writes `wp-config.php`, and again for each change. */
function configurator(
  folder: SiteFolder,
  { socket, debugLog, constants }: Pick<ConfigOptions, 'socket' | 'debugLog' | 'constants'>,
): WordPressSite['setConstants'] {
  const { keys } = folder.read();
  let current: PhpConstants = constants;
  const write = () => writeConfig({ root: folder.root, socket, debugLog, keys, constants: current });
  write();
  return (changes) => {
    const entries = Object.entries({ ...current, ...changes });
    current = Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
    write();
  };
}
