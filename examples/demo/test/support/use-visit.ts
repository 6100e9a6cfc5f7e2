import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from '../../../../hosted-core/test/support/launch-chromium.ts';
import { type RealCore, startRealCore } from './real-core.ts';

/** A site at the real core, and somebody who visits it with a real browser. */
export interface Visit<Site> {
  readonly core: RealCore;
  readonly site: Site;
  readonly browser: BrowserContext;
  readonly page: Page;
  /** Who visits: the first of the sample people. */
  readonly person: RealCore['environment']['people'][number];
}

/** Starts it all before the tests of this block, the site last of its house; there is nothing before that. */
export function useVisit<Site extends { stop(): Promise<unknown> }>(
  wish: Parameters<typeof startRealCore>[0],
  startSite: (core: RealCore) => Promise<Site>,
): Visit<Site> {
  const visit = {} as { -readonly [Name in keyof Visit<Site>]: Visit<Site>[Name] };
  beforeAll(async () => {
    visit.core = await startRealCore(wish);
    [visit.person] = visit.core.environment.people as [Visit<Site>['person']];
    visit.site = await startSite(visit.core);
    visit.browser = await launchChromium();
    visit.page = await visit.browser.newPage();
  });
  afterAll(async () => {
    await visit.browser?.close();
    await visit.site?.stop();
    await visit.core?.stop();
  });
  return visit;
}
