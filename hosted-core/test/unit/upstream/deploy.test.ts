import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../src/config/settings.ts';

const { load } = createRequire(import.meta.url)('js-yaml') as { load: (text: string) => unknown };
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
}

const compose = load(read('compose.yaml')) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const instructions = read('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line));

describe('The compose file', () => {
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
        const healthy = other === 'core' || compose.services[other]?.healthcheck?.test !== undefined;
        expect([other, condition === 'service_healthy' ? healthy : condition]).toEqual([
          other,
          condition === 'service_healthy' ? true : 'service_completed_successfully',
        ]);
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

describe('The image', () => {
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
  it.each(['core.env.example', 'migrate.env.example'])('%s has only settings that exist', (name) => {
    const names = read(name)
      .split('\n')
      .flatMap((line) => /^([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []);
    expect(names.filter((one) => !(one in settingsSchema.shape))).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  });
});
