import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { clientOfRepository, pluginOfRepository } from './bridge-of-site.ts';
import type { SiteFolder } from './site-folder.ts';
import type { WordPressOptions, WordPressSite } from './wordpress-site.ts';

const ON_THIS_MACHINE = join(import.meta.dirname, '..', 'php', 'mu-plugins', 'on-this-machine.php');

/** Lays the plug-ins, activates those that are not active yet and, on the first start, runs `setUp`. */
export async function extendSite(
  folder: SiteFolder,
  { options, evaluate }: { options: WordPressOptions; evaluate: WordPressSite['evaluate'] },
): Promise<void> {
  const { plugins = [], themes = [], mustUsePlugins = [], userref, setUp } = options;
  const own = userref && (userref.plugin ?? pluginOfRepository);
  const folders = [...(own ? [own] : []), ...plugins];
  for (const source of folders) layPlugin(folder, source);
  for (const source of themes) folder.layCopy(source, { place: 'themes' });
  for (const source of [ON_THIS_MACHINE, ...mustUsePlugins]) folder.layCopy(source, { place: 'mu-plugins' });
  const names = folders.map((source) => basename(source));
  if (names.length > 0) await evaluate(activation(names.map((name) => laidName(name))));
  const record = folder.read();
  if (record.isSetUp) return;
  if (setUp !== undefined) await evaluate(setUp);
  folder.write({ ...record, isSetUp: true });
}

/** The sources of our plug-in have their client beside them, a built one has it inside. */
function layPlugin(folder: SiteFolder, source: string): void {
  folder.layCopy(source, { place: 'plugins', name: laidName(basename(source)) });
  if (source !== pluginOfRepository) return;
  for (const part of ['autoload.php', 'src']) {
    const from = join(clientOfRepository, part);
    if (existsSync(from)) folder.layCopy(from, { place: 'plugins/php', name: part });
  }
}

/** The folder of our sources is named after the system, the plug-in after what it does. */
function laidName(name: string): string {
  return name === basename(pluginOfRepository) ? 'userref-login' : name;
}

function activation(names: readonly string[]): string {
  return `foreach (json_decode('${JSON.stringify(names)}') as $name) {
    $files = array_keys(get_plugins('/' . $name));
    if ($files === []) {
        throw new RuntimeException("$name is no plug-in: no PHP file in it names one");
    }
    foreach ($files as $file) {
        $problem = activate_plugin($name . '/' . $file, '', is_multisite());
        if (is_wp_error($problem)) {
            throw new RuntimeException($name . ': ' . $problem->get_error_message());
        }
    }
}`;
}
