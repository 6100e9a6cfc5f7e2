import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CanaryReport } from '../../src/canary/search.ts';
import { createTour, type Tour, type TourOptions } from '../../src/tour/tour.ts';
import { type TourEvent, tourSteps } from '../../src/tour/tour-event.ts';

const cleanReport: CanaryReport = {
  places: [{ name: 'Shop A: database', kind: 'sqlite', bytes: 8192 }],
  positiveControlPlanted: 9,
  positiveControlFound: 9,
  hits: [],
  clean: true,
};
const leakyReport: CanaryReport = {
  ...cleanReport,
  clean: false,
  hits: [{ place: 'Shop A: database', form: 'hex', canaryIndex: 2 }],
};

let events: EventEmitter<{ step: [TourEvent] }>;
let report: CanaryReport | Error;
let tour: Tour;
let searched: string;

beforeEach(async () => {
  events = new EventEmitter();
  report = cleanReport;
  tour = await startTour({ events });
});
afterEach(() => tour.close());

function startTour(options: Pick<TourOptions, 'events'>): Promise<Tour> {
  return createTour({
    port: 0,
    shops: [
      { name: 'Shop <A>', url: 'http://localhost:1' },
      { name: 'Shop B', url: 'http://localhost:2' },
    ],
    accountUrl: 'http://localhost:3/account',
    people: [{ name: 'Sample Person Amber' }, { name: 'Sample Person Birch', signIn: 'birch' }],
    runCanarySearch: async ({ cookies }) => {
      searched = Buffer.from(cookies).toString();
      if (report instanceof Error) throw report;
      return report;
    },
    ...options,
  });
}

const page = async () => (await fetch(tour.url)).text();
const search = (headers: Record<string, string>) =>
  fetch(`${tour.url}/canary`, { method: 'POST', redirect: 'manual', headers });
const fromTour = () => ({ origin: tour.url });
const shopSignedIn = (detail: string): TourEvent => ({ step: 'shop-a-signed-in', detail, at: new Date() });

describe('the tour page', () => {
  it('shows every step unticked at first', async () => {
    const text = await page();
    for (const step of tourSteps) expect(text).toContain(`<li data-step="${step}">`);
    expect(text).not.toContain('data-done');
  });

  it('ticks a step with its evidence after a reload', async () => {
    events.emit('step', shopSignedIn('ppid_a7q2…'));
    const text = await page();
    expect(text).toContain('<li data-step="shop-a-signed-in" data-done>');
    expect(text).toContain('<code data-detail>ppid_a7q2…</code>');
    expect(text.match(/data-done/g)).toHaveLength(1);
  });

  it('writes names and evidence as text, never as markup', async () => {
    events.emit('step', shopSignedIn('<img src=x>"'));
    const text = await page();
    expect(text).toContain('Shop &lt;A&gt;');
    expect(text).toContain('&lt;img src=x&gt;&quot;');
    expect(text).not.toContain('<img src=x>');
  });

  it('allows no inline script and no other origin', async () => {
    const response = await fetch(tour.url);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await response.text()).not.toMatch(/<script(?! src="\/static\/)| style=| on[a-z]+=/);
  });

  it('tells an open page what happens, beginning with what happened before', async () => {
    events.emit('step', shopSignedIn('ppid_a7q2…'));
    const stream = (await fetch(`${tour.url}/events`)).body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const hear = async (text: string) => {
      while (!heard.includes(text)) heard += (await stream?.read())?.value ?? '';
    };
    await hear('shop-a-signed-in');
    events.emit('step', { step: 'refs-differ', at: new Date() });
    await hear('refs-differ');
    await stream?.cancel();
    expect(heard).toContain('ppid_a7q2…');
  });

  it('follows an async iterable as well', async () => {
    await tour.close();
    async function* source() {
      yield shopSignedIn('ppid_b3…');
    }
    tour = await startTour({ events: source() });
    await expect.poll(page).toContain('ppid_b3…');
  });

  it('serves nothing but its own files', async () => {
    for (const path of ['/static/../tour.ts', '/static/%2e%2e/tour.ts', '/package.json', '/static/']) {
      expect((await fetch(tour.url + path)).status).toBe(404);
    }
  });
});

describe('the search button', () => {
  it('shows a clean report and ticks the last step', async () => {
    expect((await search(fromTour())).status).toBe(303);
    const text = await page();
    expect(text).toContain('data-verdict="clean"');
    expect(text).toContain('<dd data-control>9 of 9</dd>');
    expect(text).toContain('<dd data-hits>0</dd>');
    expect(text).toContain('<li data-step="canary-clean" data-done>');
  });

  it('hands over the cookies of the browser that asked', async () => {
    await search({ ...fromTour(), cookie: 'userref_shop-a=sealed' });
    expect(searched).toBe('userref_shop-a=sealed');
  });

  it('shows hits without ticking', async () => {
    report = leakyReport;
    await search(fromTour());
    const text = await page();
    expect(text).toContain('Value 3 stands hex in Shop A: database');
    expect(text).toContain('data-verdict="unclean"');
    expect(text).not.toContain('data-done');
  });

  it('says so when the search fails', async () => {
    report = new Error('secret detail');
    await search(fromTour());
    const text = await page();
    expect(text).toContain('data-verdict="failed"');
    expect(text).not.toContain('secret detail');
  });

  it('does nothing for a form of another page', async () => {
    for (const headers of [
      {},
      { origin: 'http://localhost:1' },
      { ...fromTour(), 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await search(headers)).status).toBe(403);
    }
    expect(await page()).not.toContain('data-verdict');
  });
});
