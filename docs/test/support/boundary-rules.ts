import { importCycles } from './import-cycles.ts';
import type { Import, SourceFile } from './source-file.ts';
import { looksLikeSql } from './sql.ts';

export interface BoundaryRule {
  /** The rule as a sentence. */
  name: string;
  /** What breaks it, each as `path: what`. */
  violations(files: readonly SourceFile[]): string[];
}

const CORE = 'hosted-core/src/';

/** What both halves stand on, and what stands apart from both. */
const GROUND_FLOOR = [
  'audit',
  'config',
  'contract',
  'database',
  'development-sign-in',
  'erasure',
  'errors',
  'http',
  'ids',
  'jobs',
  'observability',
  'outbound',
  'secrets',
  'vocabulary',
  'wall',
];

/** Lines that a file may have; the soft limit of the house style is 250. */
const MOST_LINES = 280;

/** Modules that can open a connection, and the harmless part of each. */
const NETWORK_MODULES = /^node:(http|https|http2|net|tls|dgram)$/;
const LISTENING = new Set(['createServer', 'isIP', 'isIPv4', 'isIPv6', 'BlockList', 'STATUS_CODES']);

/** What exists in Node and not on the Edge. */
const NODE_GLOBALS = [
  'process',
  'Buffer',
  'require',
  'module',
  '__dirname',
  '__filename',
  'setImmediate',
  'global',
];

export const boundaryRules: readonly BoundaryRule[] = [
  perFile('only config/ reads process.env', inside(CORE, ['config/']), (file) =>
    file.accesses.has('process.env') || file.imports.some((entry) => isProcessEnv(entry))
      ? ['process.env']
      : [],
  ),
  perFile(
    'SQL stands only in *-repository.ts, database/, jobs/ and audit/',
    inside(CORE, [/-repository\.ts$/, 'database/', 'jobs/', 'audit/']),
    (file) => file.strings.filter(looksLikeSql).map((text) => `SQL "${text.trim().slice(0, 40)}"`),
  ),
  onlyThere('oidc-provider', ['core/oidc/', 'development-sign-in/']),
  onlyThere('openid-client', ['cell/upstream/']),
  onlyThere('undici', ['outbound/']),
  perFile('only outbound/ opens connections', inside(CORE, ['outbound/']), (file) => [
    ...file.imports.filter(opensConnections).map((entry) => entry.specifier),
    ...['fetch', 'WebSocket', 'EventSource'].filter((name) => file.globals.has(name)),
    ...['globalThis.fetch', 'globalThis.WebSocket'].filter((name) => file.accesses.has(name)),
  ]),
  perFile(
    'only cell/vault/ imports cell/kms/',
    inside(CORE, ['cell/vault/', 'cell/kms/']),
    importsUnder(`${CORE}cell/kms/`),
  ),
  perFile('core never imports cell', under(`${CORE}core/`), importsUnder(`${CORE}cell/`)),
  perFile('cell never imports core', under(`${CORE}cell/`), importsUnder(`${CORE}core/`)),
  perFile(
    'the ground floor and the wall import neither half',
    under(...GROUND_FLOOR.map((folder) => `${CORE}${folder}/`)),
    importsUnder(`${CORE}core/`, `${CORE}cell/`),
  ),
  perFile('only dependencies.ts imports both halves', inside(CORE, ['dependencies.ts']), (file) => {
    const [core, cell] = ['core/', 'cell/'].map((half) => importsUnder(CORE + half)(file).length);
    return core && cell ? ['imports both halves'] : [];
  }),
  {
    name: 'only cell/attributes opens what the vault holds, in four files',
    violations: openingViolations,
  },
  perFile('hosted-core imports no SDK', under(CORE), importsMatching(/^@userref\/sdk-/)),
  perFile('sdk-core uses Web APIs only', under('sdk-core/src/'), (file) => [
    ...importsMatching(/^(node:|undici|express|fastify)/)(file),
    ...NODE_GLOBALS.filter((name) => file.globals.has(name)),
  ]),
  perFile(
    'sdk-core imports nothing but jose and openid-client',
    under('sdk-core/src/'),
    importsMatching(/^(?!\.|jose$|openid-client$)/),
  ),
  perFile(
    'SDKs and shops import nothing of the hosted core',
    // `userref dev` starts the core for development, when its package is there.
    except(
      'sdk-core/cli/dev/emulator.ts',
      under(
        'sdk-core/',
        'sdk-express/',
        'sdk-next/',
        'sdk-php-bridge/',
        'examples/express-shop/',
        'examples/next-shop/',
        'examples/api-service/',
        'examples/php-shop/',
        'examples/laravel-shop/',
        'examples/wordpress-site/',
      ),
    ),
    importsMatching(/^@userref\/(hosted-core|demo)/),
  ),
  perFile('a relative import stays in its package', () => true, leavesItsPackage),
  perFile(
    "no file says 'use server'",
    () => true,
    (file) => (file.strings.includes('use server') ? ["'use server'"] : []),
  ),
  perFile(
    `a file has at most ${MOST_LINES} lines`,
    () => true,
    (file) => (file.lines > MOST_LINES ? [`${file.lines} lines`] : []),
  ),
  { name: 'no imports go in a circle', violations: importCycles },
];

type Choice = (path: string) => boolean;

function perFile(name: string, choose: Choice, find: (file: SourceFile) => string[]): BoundaryRule {
  return {
    name,
    violations: (files) =>
      files
        .filter((file) => choose(file.path))
        .flatMap((file) => find(file).map((what) => `${file.path}: ${what}`)),
  };
}

function under(...folders: string[]): Choice {
  return (path) => folders.some((folder) => path.startsWith(folder));
}

function except(path: string, choose: Choice): Choice {
  return (candidate) => candidate !== path && choose(candidate);
}

/** Everything under a folder but the places where the thing is allowed. */
function inside(folder: string, allowed: readonly (string | RegExp)[]): Choice {
  return (path) => {
    if (!path.startsWith(folder)) return false;
    const rest = path.slice(folder.length);
    return !allowed.some((place) => (typeof place === 'string' ? rest.startsWith(place) : place.test(rest)));
  };
}

function onlyThere(packageName: string, allowed: readonly string[]): BoundaryRule {
  return perFile(
    `only ${allowed.join(' and ')} imports ${packageName}`,
    inside(CORE, allowed),
    importsMatching(new RegExp(`^${packageName}(/|$)`)),
  );
}

function importsMatching(pattern: RegExp): (file: SourceFile) => string[] {
  return (file) =>
    file.imports.filter((entry) => pattern.test(entry.specifier)).map((entry) => entry.specifier);
}

function importsUnder(...folders: string[]): (file: SourceFile) => string[] {
  return (file) =>
    file.imports.flatMap(({ path }) => (path !== undefined && under(...folders)(path) ? [path] : []));
}

function isProcessEnv(entry: Import): boolean {
  return (
    /^(node:)?process$/.test(entry.specifier) && (entry.values.includes('env') || entry.values.includes('*'))
  );
}

function opensConnections(entry: Import): boolean {
  return NETWORK_MODULES.test(entry.specifier) && entry.values.some((name) => !LISTENING.has(name));
}

/** The vault's ways of opening values are its functions and methods named `open…`; `openVault` makes the vault itself. */
function openingViolations(files: readonly SourceFile[]): string[] {
  const vault = `${CORE}cell/vault/`;
  const openers = files
    .filter((file) => file.path.startsWith(vault))
    .flatMap((file) => file.functions.filter((name) => /^open(?!Vault$)[A-Z]/.test(name)));
  const allowed = [
    'cell/vault/',
    'cell/attributes/release-attributes.ts',
    'cell/attributes/released-values.ts',
    'cell/attributes/own-attributes.ts',
    'cell/attributes/fingerprint-values.ts',
  ];
  return files
    .filter((file) => inside(CORE, allowed)(file.path))
    .flatMap((file) => openers.filter((name) => file.names.has(name)).map((name) => `${file.path}: ${name}`));
}

/** The configuration reference is written from the one registry that lives in code: the settings' own schema. */
const SETTINGS_REFERENCE = 'hosted-core/src/config/reference.ts';

function leavesItsPackage(file: SourceFile): string[] {
  const home = packageOf(file.path);
  const isGenerator = file.path === 'docs/contract/generated-files.ts';
  return file.imports.flatMap(({ path }) => {
    if (path === undefined || packageOf(path) === home) return [];
    return isGenerator && path === SETTINGS_REFERENCE ? [] : [path];
  });
}

function packageOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'examples' ? `${first}/${second}` : first;
}
