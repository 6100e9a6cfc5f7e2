import { SETTINGS, type SettingEntry } from '../src/settings/setting-list.ts';

const ENTRIES: readonly SettingEntry[] = SETTINGS;

export function usage(): string {
  return `Usage: userref-php-bridge [--config FILE]
       userref-php-bridge check [--config FILE]   whether the settings are right
       userref-php-bridge openapi                 the API as an OpenAPI document
       userref-php-bridge secret                  a new random secret
       userref-php-bridge --version

The bridge between PHP and Userref. It listens on a unix socket, or on a loopback port.
Settings are environment variables, or lines NAME=value of FILE; the environment wins. Secrets may be given
as NAME_FILE, a file with the value. SIGTERM ends it once the calls that have begun are answered; SIGHUP reads
USERREF_BRIDGE_SECRET anew, from FILE or its own file, for changing it without a pause.
Log lines (JSON, stdout) hold codes, paths and ids, and nothing of people; at the level debug there is one for every call.

${ENTRIES.map(describe).join('\n')}
Exit codes: 0 done, 1 could not start, 2 wrong words on the command line, 78 wrong settings.
`;
}

function describe({ name, meaning, standard, required }: SettingEntry): string {
  const note = required ? 'Required.' : standard === undefined ? '' : `Default: ${standard}`;
  return `  ${name}${note && `  ${note}`}\n      ${meaning}`;
}
