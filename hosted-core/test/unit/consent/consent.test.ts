import { describe, expect, it } from 'vitest';
import {
  durationChoices,
  durationDays,
  expiryOf,
  type StandingDecision,
  standingOf,
  undecided,
} from '../../../src/cell/consent/consent.ts';
import { localText, textHash } from '../../../src/cell/consent/purpose-text.ts';

const DAY_MS = 86_400_000;
const now = new Date('2026-11-22T12:00:00Z');
const after = (days: number, ms = 0) => new Date(now.getTime() + days * DAY_MS + ms);

function decision(part: Partial<StandingDecision>): StandingDecision {
  return {
    attribute: 'contact:email',
    state: 'granted',
    purposeVersion: 1,
    decidedAt: after(-1),
    expiresAt: after(1),
    ...part,
  };
}

describe('Where a question stands', () => {
  it.each<[string, StandingDecision | undefined, string]>([
    ['is open when nobody answered', undefined, 'open'],
    ['is granted while the consent lives', decision({}), 'granted'],
    ['is open from the very moment of expiry', decision({ expiresAt: now }), 'open'],
    ['is open for a grant without an end, which cannot be', decision({ expiresAt: null }), 'open'],
    ['is reworded when the purpose has a new version', decision({ purposeVersion: 2 }), 'reworded'],
    [
      'is denied for 30 days',
      decision({ state: 'denied', decidedAt: after(-30, 1), expiresAt: null }),
      'denied',
    ],
    [
      'is open 30 days after a denial',
      decision({ state: 'denied', decidedAt: after(-30), expiresAt: null }),
      'open',
    ],
    [
      'stays denied under a new version',
      decision({ state: 'denied', purposeVersion: 9, expiresAt: null }),
      'denied',
    ],
  ])('%s', (_rule, standing, expected) => {
    expect(standingOf(standing, { version: 1 }, now)).toBe(expected);
  });

  it('leaves exactly the open and reworded attributes to decide on, in the order asked', () => {
    const decisions = [
      decision({ attribute: 'a' }),
      decision({ attribute: 'b', state: 'denied' }),
      decision({ attribute: 'c', purposeVersion: 2 }),
    ];
    expect(undecided(['d', 'c', 'b', 'a'], decisions, { purpose: { version: 1 }, now })).toEqual(['d', 'c']);
  });
});

describe('A duration', () => {
  it('never exceeds the limit of the purpose', () => {
    expect(durationDays('until_stopped', { maxDurationDays: 180 })).toBe(180);
    expect(durationDays('days_30', { maxDurationDays: 14 })).toBe(14);
    expect(expiryOf('once', { maxDurationDays: 2 }, now)).toEqual(after(2));
  });

  it('is offered only where it differs from a shorter one', () => {
    expect(durationChoices({ maxDurationDays: 3 })).toEqual(['once']);
    expect(durationChoices({ maxDurationDays: 14 })).toEqual(['once', 'days_30']);
    expect(durationChoices({ maxDurationDays: 30 })).toEqual(['once', 'days_30']);
    expect(durationChoices({ maxDurationDays: 365 })).toEqual(['once', 'days_30', 'until_stopped']);
  });
});

describe('The text of a purpose', () => {
  const texts = {
    en: { title: 'T', description: 'D' },
    ru: { title: 'Т', description: 'О', recipients: 'П' },
  };

  it('is in the language of the page, else in English', () => {
    expect(localText(texts, 'ru')).toEqual({ locale: 'ru', title: 'Т', description: 'О', recipients: 'П' });
    expect(localText(texts, 'ar')).toEqual({ locale: 'en', title: 'T', description: 'D' });
  });

  it('has another hash when any word, or only the split between them, differs', () => {
    const base = { locale: 'en', title: 'ab', description: 'c' };
    const hashes = [
      base,
      { ...base, title: 'a', description: 'bc' },
      { ...base, locale: 'ru' },
      { ...base, recipients: '' },
    ];
    expect(new Set(hashes.map((text) => textHash(text).toString('hex'))).size).toBe(4);
  });
});
