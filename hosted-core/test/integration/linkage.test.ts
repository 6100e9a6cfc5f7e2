import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DevelopmentEnvironment,
  startDevelopmentEnvironment,
} from '../../src/development/development-environment.ts';
import { randomBase32 } from '../../src/ids/random-ids.ts';
import { freePort } from '../support/free-port.ts';
import type { Dossier } from '../support/linkage/dossier.ts';
import { newDossier, note } from '../support/linkage/dossier.ts';
import { measureLinkage, shuffled } from '../support/linkage/measure-linkage.ts';
import { gatherFiles, type TwoFiles } from '../support/linkage/two-sites.ts';
import { samplePeople } from '../support/sample-people.ts';

const PEOPLE = 60;
const dataDir = mkdtempSync(join(tmpdir(), 'userref-linkage-'));
let environment: DevelopmentEnvironment;
let files: TwoFiles;

beforeAll(async () => {
  chmodSync(dataDir, 0o711);
  const ports = { core: await freePort(), cell: await freePort(), signIn: await freePort() };
  environment = await startDevelopmentEnvironment({
    ...{ dataDir, ports, people: samplePeople(PEOPLE), logLevel: 'silent' },
  });
  files = await gatherFiles(environment);
}, 240_000);
afterAll(async () => {
  await environment?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The same files, with one thing more in each. */
const planted = (plant: (file: Dossier, person: number, site: 0 | 1) => void) => {
  const [first, second] = [files.first, files.second].map((ofSite, site) =>
    ofSite.map((file, person) => {
      const copy = structuredClone(file);
      plant(copy, person, site as 0 | 1);
      return copy;
    }),
  );
  return { first: first ?? [], second: second ?? [] };
};
const linkageOf = ({ first, second }: Pick<TwoFiles, 'first' | 'second'>) => measureLinkage(first, second);

describe('two sites that put all their files together', () => {
  it('have much about every person', () => {
    for (const file of [...files.first, ...files.second]) {
      expect(Object.keys(file.numbers)).toEqual(
        expect.arrayContaining([
          ...['passport claims.iat', 'passport claims.auth_time', 'time of the sign-in'],
          ...['webhook consent.withdrawn.at', 'webhook consent.withdrawn.sentAt'],
          ...['webhook attributes.changed.at', 'webhook attributes.changed.event.timestamp'],
          ...['webhook subject.erased.at', 'webhook subject.erased.event.timestamp'],
          ...['status list.iat', 'status list.bytes'],
        ]),
      );
      expect(Object.keys(file.ids)).toEqual(
        expect.arrayContaining([
          'passport claims.sub',
          'passport claims.sid',
          'webhook consent.withdrawn.id',
        ]),
      );
    }
  });

  it('find nobody in both better than by guessing', () => {
    const linkage = linkageOf(files);
    expect(linkage.people).toBe(PEOPLE);
    expect(linkage.attacks).toBeGreaterThan(60);
    expect(linkage.findings).toEqual([]);
    expect(linkage.linkageOverChance).toBe(0);
  });
});

it('A site that asks silently with a falling max_age closes in on the hour of a sign-in, and no further', () => {
  const { first, second } = files.silent;
  const found = [...first, ...second].map((file) => file.numbers['sign-in by max_age'] ?? Number.NaN);
  expect(found).toHaveLength(24);
  for (const time of found) expect(time % 3_600).toBeLessThan(60);
  expect(measureLinkage(first, second).findings).toEqual([]);
});

describe('the measure sees a channel', () => {
  it('of an id that both sites were given', () => {
    const shared = files.first.map(() => randomBase32(26));
    const linkage = linkageOf(planted((file, person) => note(file, 'shared', shared[person])));
    expect(linkage.linkageOverChance).toBeGreaterThan(0.9);
    expect(linkage.findings.map(({ attack }) => attack)).toContain('equal values');
  });

  it('of eight characters in the middle of ids that differ', () => {
    const shared = files.first.map(() => randomBase32(8));
    const linkage = linkageOf(
      planted((file, person) =>
        note(file, 'partly', `${randomBase32(9)}${shared[person]}${randomBase32(9)}`),
      ),
    );
    expect(linkage.linkageOverChance).toBeGreaterThan(0.9);
  });

  it('of ids that are derived from one person by changing a few characters', () => {
    const base = files.first.map(() => randomBase32(26));
    const noisy = (text = '') => [...text].map((one, at) => (at % 4 === 3 ? randomBase32(1) : one)).join('');
    const linkage = linkageOf(planted((file, person) => note(file, 'derived', noisy(base[person]))));
    expect(linkage.findings.map(({ attack }) => attack)).toContain('fewest different characters of derived');
  });

  it('of the second in which a session began', () => {
    const began = shuffled(PEOPLE).map((place) => 1_800_000_000 + place);
    const linkage = linkageOf(planted((file, person) => note(file, 'session', { began: began[person] })));
    expect(linkage.linkageOverChance).toBeGreaterThan(0.9);
  });

  it('of events that reach both sites within a second', () => {
    const acted = shuffled(PEOPLE).map((place) => 1_800_000_000_000 + place * 5_000);
    const linkage = linkageOf(
      planted((file, person) => note(file, 'event', { at: (acted[person] ?? 0) + Math.random() * 1_000 })),
    );
    expect(linkage.findings.map(({ attack }) => attack)).toContain('closest event.at');
  });

  it('of numbers that are given out in the order of people', () => {
    const linkage = linkageOf(
      planted((file, person, site) => note(file, 'serial', 1_000 * (site + 1) + person * (site + 3))),
    );
    expect(linkage.findings.map(({ attack }) => attack)).toContain('same place in the order of serial');
  });

  it('of a few people only', () => {
    const shared = files.first.map((_, person) => (person < 12 ? randomBase32(26) : undefined));
    const linkage = linkageOf(planted((file, person) => note(file, 'rare', shared[person])));
    expect(linkage.linkageOverChance).toBeGreaterThan(0.1);
  });

  it('and none in noise', () => {
    const noise = () =>
      Array.from({ length: PEOPLE }, () => {
        const file = newDossier();
        note(file, 'noise', { id: randomBase32(26), time: 1_800_000_000 + Math.floor(Math.random() * 60) });
        return file;
      });
    for (let round = 0; round < 5; round += 1) expect(measureLinkage(noise(), noise()).findings).toEqual([]);
  });
});
