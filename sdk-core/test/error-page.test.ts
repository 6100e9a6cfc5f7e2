import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AdapterOptions, createAdapter, incomingOf } from '../src/adapter/index.ts';
import { ConsentRequiredError, type ErrorCode, UserrefError } from '../src/index.ts';
import { de, en, LANGUAGES, type VisitorLanguage } from '../src/languages/index.ts';
import { FakeCore } from '../testing/index.ts';
import { SESSION_SECRET } from './support/site.ts';

interface Case {
  readonly scenario: string;
  readonly languages?: readonly string[];
  readonly accept_language: string | null;
  readonly language: string;
}
interface Registry {
  readonly groups: { codes: string[]; prefixes?: string[]; way: string; texts: Record<string, object> }[];
}

const contract = new URL('../../docs/contract/', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, contract), 'utf8'));
const vectors: { cases: Case[]; of_some_languages: Case[] } = read('vectors/accept-language/cases.json');
const codes = (read('errors.json') as { code: ErrorCode }[]).map(({ code }) => code);
const { groups } = read('visitor-texts.json') as Registry;
const core = new FakeCore();

function answer(
  error: UserrefError,
  { accept = 'text/html', language, ...options }: AnswerOptions = {},
): ReturnType<ReturnType<typeof createAdapter>['answerError']> {
  const site = { ...core.options, baseUrl: 'https://shop.example', sessionSecret: SESSION_SECRET };
  const incoming = incomingOf(new Request('https://shop.example/order', { headers: { accept } }));
  const header = (name: string) => (name === 'accept-language' ? language : incoming.header(name));
  const adapter = createAdapter({ ...site, languages: LANGUAGES, ...options });
  return adapter.answerError(error, { ...incoming, header });
}

interface AnswerOptions extends Partial<AdapterOptions> {
  readonly accept?: string;
  /** The header as a server got it. */
  readonly language?: string | undefined;
}

const named = (one: Case) => [one.scenario, one] as const;
const tagged = (tags: readonly string[]) =>
  tags.map((tag) => LANGUAGES.find((one) => one.tag === tag) as VisitorLanguage);

describe('the language of an error page', () => {
  it.each([...vectors.cases, ...vectors.of_some_languages].map(named))(
    'is that of the contract: %s',
    (_, one) => {
      const languages = one.languages ? tagged(one.languages) : LANGUAGES;
      const language = one.accept_language ?? undefined;
      const { page, body } = answer(new UserrefError('login_denied'), { languages, language });
      const direction = ['ar', 'he'].includes(one.language) ? 'rtl' : 'ltr';
      expect([page?.language, page?.direction]).toEqual([one.language, direction]);
      expect(body).toContain(`<html lang="${one.language}" dir="${direction}">`);
    },
  );

  it('is English where a framework adds no others, as every language has its weight', () => {
    const options = { ...core.options, baseUrl: 'https://shop.example', sessionSecret: SESSION_SECRET };
    const headers = { accept: 'text/html', 'accept-language': 'de' };
    const incoming = incomingOf(new Request('https://shop.example/', { headers }));
    const { page } = createAdapter(options).answerError(new UserrefError('login_denied'), incoming);
    expect(page?.language).toBe('en');
  });

  it.each([[[]], ['de'], [['de']], [[{ tag: 'de' }]], [[null]], [{}]])(
    'is refused at the start when it is none of ours: %j',
    (languages) => {
      const create = () => answer(new UserrefError('not_found'), { languages: languages as never });
      expect(create).toThrow('languages must be a list of what @userref/sdk-core/languages has');
    },
  );
});

describe('an error page', () => {
  it.each(codes)('tells visitors of %s what the contract says, and what developers read to none', (code) => {
    const error = new UserrefError(code, { detail: 'Said to developers.', requestId: 'req-7' });
    const group =
      groups.find((one) => one.codes.includes(code)) ??
      groups.find((one) => one.prefixes?.some((prefix) => code.startsWith(prefix))) ??
      groups.at(-1);
    for (const { tag, words } of LANGUAGES) {
      const { page, body } = answer(error, { language: tag });
      expect(page).toMatchObject({ code, requestId: 'req-7', ...group?.texts[tag] });
      expect(page).not.toHaveProperty('hint');
      const ways = page?.links.map(({ text }) => text);
      expect(ways).toEqual(group?.way === 'sign_in' ? [words.signIn, words.start] : [words.start]);
      for (const shown of [page?.title, page?.happened, page?.advice, code, 'req-7', ...(ways ?? [])]) {
        expect(body).toContain(`>${shown}</`);
      }
      expect(body).not.toContain('Said to developers.');
      expect(body).not.toContain(error.fix);
    }
  });

  it('leads whoever shared nothing to the choice', () => {
    const error = new ConsentRequiredError({ attributes: ['contact:email'], purpose: 'order_delivery' });
    const { page } = answer(error, { language: 'de' });
    expect(page?.links.map(({ text }) => text)).toEqual([de.words.share, de.words.start]);
    expect(page?.links[0]?.href).toMatch(/^\/userref\/login\?.*purpose=order_delivery.*return_to=%2Forder/);
  });

  it.each([
    { baseUrl: 'http://localhost:4010' },
    { baseUrl: 'http://shop.localhost:4010' },
    { baseUrl: 'http://127.0.0.1:4010' },
    { baseUrl: 'http://[::1]:4010' },
    { baseUrl: 'https://localhost' },
    { previewOrigin: 'https://pr-12--shop.example' },
  ])('says to developers what it means, in their language: %j', (where) => {
    const { page, body } = answer(new UserrefError('token_exchange_failed', { detail: 'Said <b>.' }), {
      ...where,
      language: 'ar',
    });
    expect(page?.hint).toEqual({
      detail: 'Said <b>.',
      fix: expect.stringContaining('`siteSecret`'),
    });
    expect(body).toContain('<html lang="ar" dir="rtl">');
    expect(body).toMatch(/<aside lang="en" dir="ltr">[\s\S]*Said &lt;b&gt;\.[\s\S]*`siteSecret`/);
  });

  it.each(['https://localhost.example', 'https://127.0.0.1.example', 'https://shop.example'])(
    'says to visitors of %s nothing of it, whatever they send',
    (baseUrl) => {
      expect(answer(new UserrefError('config_invalid'), { baseUrl }).page).not.toHaveProperty('hint');
    },
  );

  it('has no script, one style that its policy knows, and nothing from elsewhere, and shows texts as texts', () => {
    const error = new UserrefError('attributes_unavailable', { requestId: '"><script>alert(1)</script>' });
    const { headers, body } = answer(error);
    const [, style = ''] = /<style>([^<]+)<\/style>/.exec(body ?? '') ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
    expect(headers).toMatchObject({ 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' });
    expect(body).not.toMatch(/<script|<style>.*<style|url\(|@import|<link|<img|\son\w+=|style=/);
    expect(body).toContain('<bdi dir="ltr">&quot;&gt;&lt;script&gt;alert(1)');
  });

  it('is no page for programs: they read what developers read', () => {
    const { page, body } = answer(new UserrefError('login_denied'), { accept: '*/*', language: 'de' });
    expect(page).toBeUndefined();
    expect(JSON.parse(body ?? '')).toMatchObject({
      title: 'Login denied',
      fix: new UserrefError('login_denied').fix,
    });
  });

  it('speaks the words of the language that comes first to everybody else', () => {
    const { page } = answer(new UserrefError('not_found'), { languages: [de, en], language: 'fr' });
    expect(page?.title).toBe(de.texts.nothing_here[0]);
  });
});
