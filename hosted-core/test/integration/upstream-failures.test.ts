import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAtLogto } from '../support/fake-logto/logto-visit.ts';
import {
  Browser,
  type LogtoCell,
  signInThere,
  startLogtoCell,
  untilCallback,
} from '../support/logto-cell.ts';
import { CORE } from '../support/running-cell.ts';
import { until } from '../support/until.ts';

let running: LogtoCell;
beforeAll(async () => {
  running = await startLogtoCell();
  running.logto.state.addUser('birch', { name: null });
});
afterAll(() => running.close());

/** From now on Logto answers nobody. @returns lets it answer */
function hold(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  running.logto.faults.held = promise;
  return () => {
    running.logto.faults.held = undefined;
    resolve();
  };
}

describe('A sign-in at a Logto that fails', () => {
  it('is refused with a page while our client secret is wrong, and works when it is right again', async () => {
    const secrets = running.logto.state.secrets.get(running.application.id) ?? [];
    const right = secrets.splice(0);
    const browser = new Browser();
    const { callback } = await untilCallback(running, browser, 'birch');
    const answer = await browser.fetch(callback);
    expect(answer.status).toBe(502);
    secrets.push(...right);
    await signInThere(running, browser, 'birch');
  });

  it('is refused when Logto’s clock is far from ours, and not when it is a little off', async () => {
    running.logto.state.clockAheadSeconds = -7_200;
    const browser = new Browser();
    const { callback } = await untilCallback(running, browser, 'birch');
    expect((await browser.fetch(callback)).status).toBe(502);
    running.logto.state.clockAheadSeconds = -20;
    await signInThere(running, new Browser(), 'birch');
    running.logto.state.clockAheadSeconds = 20;
    await signInThere(running, new Browser(), 'birch');
    running.logto.state.clockAheadSeconds = 0;
  });

  it('gets a page to try again while Logto is down, also in the middle of a sign-in', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(running, browser, 'birch');
    await running.logto.stop();
    const answer = await browser.fetch(callback);
    const html = await answer.text();
    expect(answer.status).toBe(502);
    expect(html).toContain('upstream_unavailable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await running.logto.restart();
    // The page leads back to where this login began, at the site, and not to another one.
    const [, again = ''] = /href="(\/interaction\/[^"]+)"/.exec(html) ?? [];
    const end = await openAtLogto(browser, running.logto, {
      ...{ url: `${running.url}${again}`, username: 'birch', stopAt: CORE },
    });
    expect(end.url.pathname).toContain('/outcome');
  });

  it('gets the same page when Logto is down at the start, and goes on from it', async () => {
    const fresh = await startLogtoCell();
    fresh.logto.state.addUser('birch');
    const { url } = await fresh.begin();
    await fresh.logto.stop();
    const browser = new Browser();
    const answer = await browser.fetch(url);
    const html = await answer.text();
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(html).toContain('upstream_unavailable');
    expect(html).toContain(`href="${new URL(url).pathname}"`);
    await fresh.logto.restart();
    const end = await openAtLogto(browser, fresh.logto, { url, username: 'birch', stopAt: CORE });
    expect(end.url.pathname).toContain('/outcome');
    await fresh.close();
  });
});

describe('A Logto that is slow', () => {
  it('keeps no connection to the database from anybody', async () => {
    const browsers = Array.from({ length: 30 }, () => new Browser());
    const callbacks: Awaited<ReturnType<typeof untilCallback>>[] = [];
    for (const browser of browsers) callbacks.push(await untilCallback(running, browser, 'birch'));
    const letGo = hold();
    const asked = running.logto.log.length;
    let ended = 0;
    const logins = browsers.map(async (browser, index) => {
      const answer = await browser.fetch(callbacks[index]?.callback ?? '');
      ended += 1;
      return answer;
    });
    await until(() => running.logto.log.length === asked + browsers.length);
    const health = await fetch(`${running.url}/readyz`);
    expect(health.status).toBe(200);
    // Thirty wait for Logto; twenty connections are all that there are.
    expect(ended).toBe(0);
    letGo();
    for (const answer of await Promise.all(logins)) expect(answer.status).toBe(303);
  });

  it('is given up before a browser would, with a page to try again', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(running, browser, 'birch');
    const letGo = hold();
    const answer = await browser.fetch(callback);
    letGo();
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('href="/interaction/');
    // A Logto that answers after a minute would be too late for it.
  });
});
