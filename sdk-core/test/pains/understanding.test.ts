import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as adapterEntry from '../../src/adapter/index.ts';
import { ERRORS } from '../../src/generated/contract.ts';
import * as mainEntry from '../../src/index.ts';
import { type ErrorCode, UserrefError, type UserrefOptions } from '../../src/index.ts';
import * as languagesEntry from '../../src/languages/index.ts';
import * as testingEntry from '../../testing/index.ts';
import { FakeCore, sessionCookie, testWebhook } from '../../testing/index.ts';
import { SESSION_SECRET, signedIn, useTestSite } from '../support/site.ts';

const { core, create } = useTestSite();
const codes = Object.keys(ERRORS) as ErrorCode[];
const pages = new URL('../../../docs/reference/errors/', import.meta.url);

describe('pain 18: an error says "Configuration" and no more', () => {
  it.each(codes)('%s says what happened, what to do, and where to read on', (code) => {
    const error = new UserrefError(code);
    expect(error).toBeInstanceOf(Error);
    expect(error.message.startsWith(`${code}: `)).toBe(true);
    expect(error.detail.length).toBeGreaterThan(15);
    expect(error.fix.length).toBeGreaterThan(10);
    expect(error.isTransient).toBe(ERRORS[code].retryable);
    const page = new URL(`${error.helpUrl.split('/').at(-1)}.md`, pages);
    expect(existsSync(fileURLToPath(page))).toBe(true);
  });

  it('names everything that is wrong with the options at once, and shows no secret', () => {
    const wrong = { issuer: 'http://id.example.eu', site: '', siteSecret: 'very secret value', baseURL: 'x' };
    try {
      create({ ...wrong, sessionSecret: 'short' } as unknown as Partial<UserrefOptions>);
      expect.unreachable();
    } catch (error) {
      const { code, message } = error as UserrefError;
      expect(code).toBe('config_invalid');
      for (const name of ['issuer', 'site', 'baseURL', 'sessionSecret']) expect(message).toContain(name);
      for (const secret of ['very secret value', 'short']) expect(message).not.toContain(secret);
    }
  });

  it('keeps the cause, and says whether trying again makes sense', async () => {
    core.bends.replies.discovery = () => Response.error();
    await expect(create().startLogin()).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:discovery|network)_failed$/),
      isTransient: true,
      cause: expect.anything(),
    });
    core.bends = { replies: {}, signWith: 'es256Stranger' };
    await expect(signedIn(create(), core)).rejects.toMatchObject({ isTransient: false });
  });
});

describe('pain 19: a site with a login is hard to test', () => {
  it('a signed-in visitor takes one line, without a network', async () => {
    const fake = new FakeCore();
    const options = { ...fake.options, baseUrl: 'https://shop.example', sessionSecret: SESSION_SECRET };
    const { header } = await sessionCookie(options, { consents: ['contact:email'] });
    expect(await mainEntry.createUserref(options).readSession(header)).toMatchObject({
      consents: ['contact:email'],
    });
  });

  it('so do an event, and a login that goes wrong', async () => {
    const fake = new FakeCore();
    const options = { ...fake.options, baseUrl: 'https://shop.example', sessionSecret: SESSION_SECRET };
    const userref = mainEntry.createUserref({ ...options, fetch: fake.fetch });
    const event = await testWebhook({ type: 'endpoint.test' }, fake.webhookSecret);
    expect((await userref.handleWebhook(event)).event.type).toBe('endpoint.test');
    fake.bends.claims = { aud: 'another-site' };
    await expect(signedIn(userref, fake)).rejects.toMatchObject({ code: 'passport_audience_invalid' });
  });
});

describe('pain 7: every major version hurts', () => {
  it('what the entries export is written down, so that a name goes only on purpose', () => {
    const names = (entry: object) => Object.keys(entry).sort();
    expect({
      '.': names(mainEntry),
      './adapter': names(adapterEntry),
      './languages': names(languagesEntry),
      './testing': names(testingEntry),
    }).toMatchInlineSnapshot(`
      {
        ".": [
          "Attributes",
          "ConsentRequiredError",
          "LoginFailedError",
          "UserrefError",
          "createUserref",
          "memorySessionStore",
        ],
        "./adapter": [
          "collectBody",
          "createAdapter",
          "headersOfSitePage",
          "incomingOf",
          "isPageLoad",
          "isPrefetch",
          "isSameOrigin",
          "toResponse",
          "wantsHtml",
          "withCookies",
        ],
        "./languages": [
          "LANGUAGES",
          "ar",
          "de",
          "en",
          "es",
          "fr",
          "he",
          "ru",
        ],
        "./testing": [
          "ACCESS_TOKEN",
          "FakeCore",
          "SID",
          "USER_REF",
          "oauthError",
          "problem",
          "serveFakeCore",
          "sessionCookie",
          "sessionStoreContract",
          "signInBrowser",
          "testWebhook",
        ],
      }
    `);
  });
});
