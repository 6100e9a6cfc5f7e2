import { inert } from '../console/inert.ts';
import { type Io, unixSeconds } from '../console/io.ts';
import { readOptions } from '../console/read-options.ts';
import { readSiteSettings } from '../site/site-settings.ts';
import { checkCore } from './check-core.ts';
import { checkRegistration } from './check-registration.ts';
import { checkSettings } from './check-settings.ts';
import { checkVersions } from './check-versions.ts';
import type { Finding } from './finding.ts';

export const DOCTOR_HELP = `userref doctor
  Looks for what is wrong with your site's settings, and says how to mend it: settings and secrets (never shown),
  cookies, issuer, clocks, key set, cell, registration, redirect URIs, webhooks (the core sends a test event to the
  site, which should be running), versions.
    --no-test          send no test event
    --env-file FILE    the site's settings (default: .env.local and .env; the environment wins)
    --json             one JSON object

Exit codes: 0 nothing bad (warnings may be) · 1 something is bad · 2 wrong command line`;

const OPTIONS = {
  'no-test': { type: 'boolean' },
  'env-file': { type: 'string' },
  json: { type: 'boolean' },
} as const;

const SIGNS: Record<Finding['state'], string> = {
  good: 'ok  ',
  warning: 'WARN',
  bad: 'BAD ',
  skipped: '-   ',
};

/** @returns the exit code */
export async function doctorCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = readOptions(args, { options: OPTIONS, help: DOCTOR_HELP });
  const settings = readSiteSettings(io, values['env-file']);
  const findings = [
    ...checkVersions(io.cwd),
    ...checkSettings(settings),
    ...(await checkCore(settings, () => unixSeconds(io))),
    ...(await checkRegistration(settings, { sendTest: !values['no-test'] })),
  ];
  const isWell = findings.every(({ state }) => state !== 'bad');
  io.out(values.json ? JSON.stringify({ well: isWell, findings }) : describe(findings));
  return isWell ? 0 : 1;
}

function describe(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, state, says, fix }) => [
    `${SIGNS[state]} ${check.padEnd(13)} ${says}`,
    ...(fix === undefined ? [] : [`${' '.repeat(18)} → ${fix}`]),
  ]);
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  // The core that it asked may be anybody's.
  return [...lines, '', `${count('bad')} bad, ${count('warning')} to look at.`].map(inert).join('\n');
}
