import { join } from 'node:path';
import { readManifest } from '../site/read-manifest.ts';
import type { EmulatorModule } from './emulator.ts';

type Environment = Awaited<ReturnType<EmulatorModule['startDevelopmentEnvironment']>>;

export interface Ready {
  readonly environment: Environment;
  readonly site: string;
  readonly siteUrl: string;
  readonly envFile: string;
  readonly dataDir: string;
  readonly cwd: string;
  readonly seconds: number;
}

/** For scripts; no secret is in it, those are in the env file. */
export function forScripts({ environment, site, siteUrl, envFile, dataDir, seconds }: Ready) {
  const { settings, people, configFile, mailSink } = environment;
  return {
    issuer: settings.core.url,
    cell: settings.cell.url,
    sign_in: settings.upstream.issuer,
    ...(mailSink && { smtp: mailSink.smtpUrl, mail_url: mailSink.url }),
    account_url: `${settings.cell.url}/account`,
    site,
    site_url: siteUrl,
    people: people.map(({ name, login }) => ({ name, login })),
    env_file: envFile,
    data: dataDir,
    config_file: configFile,
    ready_seconds: Number(seconds.toFixed(2)),
  };
}

export function forPeople(ready: Ready): string {
  const { environment, site, siteUrl, envFile, cwd, seconds } = ready;
  const { settings, people, mailSink } = environment;
  const row = (label: string, text: string) => `  ${label.padEnd(12)}${text}`;
  return [
    `Ready after ${seconds.toFixed(1)} s.`,
    '',
    row('Issuer', settings.core.url),
    row('Your site', `${siteUrl} (${site})`),
    row('Settings', `${envFile}, readable by you only`),
    row('Sign in as', people.map(({ name }) => name).join(', ')),
    row('My data', `${settings.cell.url}/account`),
    ...(mailSink ? [row('Mail', `${mailSink.url}, sent to ${mailSink.smtpUrl}`)] : []),
    '',
    'Next:',
    ...nextSteps(cwd, ready).map((step, index) => `  ${index + 1}. ${step}`),
    '',
    'Ctrl-C stops everything; the next start finds it as you left it.',
  ].join('\n');
}

function nextSteps(cwd: string, { siteUrl, envFile, site }: Ready): string[] {
  const framework = ['next', 'express'].find((name) => dependsOn(cwd, name));
  return [
    `npx userref add ${framework ?? 'express'}${framework ? '' : '   (or next)'}`,
    framework === 'next' ? 'npm run dev' : `node --env-file=${envFile} YOUR-SERVER.js`,
    `open ${siteUrl}/userref/login`,
    `events that your site missed: npx userref webhooks listen · what is wrong: npx userref doctor`,
    `another purpose to ask attributes for: npx userref-core purposes add --site ${site} …`,
  ];
}

function dependsOn(cwd: string, name: string): boolean {
  const { dependencies, devDependencies } = readManifest(join(cwd, 'package.json')) ?? {};
  return name in { ...(dependencies as object), ...(devDependencies as object) };
}
