import type { BrowserContext } from 'playwright-core';
import { expect } from 'vitest';
import { type CanaryPlace, type CanaryReport, searchForCanaries } from '../../src/canary/search.ts';

/** Fails where one of the values stands in one of the places, or where the search would not have found it. */
export async function expectNoPersonalData(
  canaries: readonly string[],
  places: readonly CanaryPlace[],
): Promise<CanaryReport> {
  const report = await searchForCanaries({ canaries, places });
  expect(report.hits).toEqual([]);
  expect(report.positiveControlPlanted).toBeGreaterThan(0);
  expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
  return report;
}

/** What the browser keeps for the sites. */
export async function cookiesOf(browser: BrowserContext, ...urls: string[]): Promise<CanaryPlace> {
  const bytes = Buffer.from(JSON.stringify(await browser.cookies(urls)));
  return { name: 'cookies', kind: 'cookies', bytes };
}
