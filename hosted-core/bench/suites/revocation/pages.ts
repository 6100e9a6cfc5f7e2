import { gzipSync } from 'node:zlib';
import { type DevelopmentEnvironment, openOperator } from '@userref/hosted-core';
import * as openid from 'openid-client';
import { Browser } from '../../../test/support/browser.ts';
import { ATTRIBUTES, PURPOSE } from '../../children/contract.ts';
import type { Figure } from '../../figures.ts';
import { countFigure } from './figure.ts';

const LANGUAGES = ['en', 'ru', 'de', 'fr', 'es', 'ar', 'he'];
const OWN_PAGES = ['/account', '/account/activity', '/account/receipts', '/account/security'];
const CALLBACK = 'http://localhost:9/callback';

interface Weight {
  readonly name: string;
  readonly kilobytes: number;
  readonly foreign: readonly string[];
}

/** The consent page and My data with everything that they load, compressed, in every language. */
export async function pageFigure(environment: DevelopmentEnvironment): Promise<Figure> {
  const config = await registerSite(environment);
  const weights: Weight[] = [];
  for (const language of LANGUAGES) {
    const browser = new Browser();
    const { url, html } = await consentPage(config, {
      browser,
      language,
      login: environment.people[0]?.login ?? '',
    });
    weights.push(await weigh(browser, `consent, ${language}`, { url, html }));
    for (const path of OWN_PAGES) {
      const target = new URL(path, environment.settings.cell.url);
      const response = await browser.fetch(target, { headers: { 'accept-language': language } });
      if (response.status === 404) continue;
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
      weights.push(
        await weigh(browser, `${path}, ${language}`, { url: target, html: await response.text() }),
      );
    }
  }
  const foreign = weights.flatMap((one) => one.foreign);
  if (foreign.length > 0) throw new Error(`pages load from elsewhere: ${foreign.join(', ')}`);
  const heaviest = weights.reduce((a, b) => (a.kilobytes > b.kilobytes ? a : b));
  return countFigure('page_max_kb', heaviest.kilobytes, {
    ...{ unit: 'kilobytes', aim: 30 },
    meaning:
      'the heaviest of the consent pages and My data, with styles and images, gzipped; nothing from elsewhere',
    details: [`${heaviest.name}; ${weights.length} pages looked at, 0 requests to third parties`],
  });
}

async function registerSite({ settings }: DevelopmentEnvironment): Promise<openid.Configuration> {
  const operator = openOperator(settings);
  const { secret } = await operator.registerSite({
    ...{ siteId: 'page-shop', redirectUris: [CALLBACK], attributeScopes: ATTRIBUTES, purposes: [PURPOSE] },
  });
  await operator.close();
  return openid.discovery(new URL(settings.core.url), 'page-shop', secret, undefined, {
    execute: [openid.allowInsecureRequests],
  });
}

async function consentPage(
  config: openid.Configuration,
  { browser, language, login }: { browser: Browser; language: string; login: string },
) {
  const verifier = openid.randomPKCECodeVerifier();
  const start = await openid.buildAuthorizationUrlWithPAR(config, {
    ...{
      redirect_uri: CALLBACK,
      state: 's',
      purpose: PURPOSE.purposeId,
      ui_locales: language,
      prompt: 'consent',
    },
    scope: ['openid', ...ATTRIBUTES].join(' '),
    ...{ code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
  });
  let { url, response } = await browser.open(start.href);
  let html = await response.text();
  if (html.includes('name="login"')) {
    const action = /<form[^>]* action="([^"]*)"[^>]*>(?=[\s\S]*name="login")/.exec(html)?.[1] ?? url.href;
    const answer = await browser.fetch(new URL(action, url), {
      method: 'POST',
      body: new URLSearchParams({ login }),
    });
    ({ url, response } = await browser.open(new URL(answer.headers.get('location') ?? '', url).href));
    html = await response.text();
  }
  if (!html.includes('name="attribute"')) throw new Error(`${url.pathname} is no consent page`);
  return { url, html };
}

async function weigh(browser: Browser, name: string, page: { url: URL; html: string }): Promise<Weight> {
  const loaded = [
    ...page.html.matchAll(/<(?:link[^>]*? href|(?:img|script|source|iframe)[^>]*? src)="([^"]+)"/g),
  ]
    .map((match) => new URL((match[1] ?? '').replaceAll('&amp;', '&'), page.url))
    .filter((url) => url.protocol !== 'data:');
  const foreign = loaded.filter((url) => url.origin !== page.url.origin).map((url) => url.href);
  let bytes = gzipSync(page.html).length;
  for (const url of new Set(loaded.map((one) => one.href))) {
    const body = Buffer.from(await (await browser.fetch(url)).arrayBuffer());
    foreign.push(
      ...[...body.toString().matchAll(/url\(["']?(https?:[^)"']+)/g)].map((match) => match[1] ?? ''),
    );
    bytes += gzipSync(body).length;
  }
  return { name, kilobytes: bytes / 1024, foreign };
}
