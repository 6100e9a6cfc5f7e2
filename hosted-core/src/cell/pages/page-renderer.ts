import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from '../../http/security-headers.ts';
import type { PageCookies } from './cookies.ts';
import { chooseLocale, LOCALES, type Locale, type Translator, translatorFor } from './messages/translator.ts';
import { STYLESHEET_PATH } from './stylesheet.ts';

/** Who answers for the pages; shown at the foot of each. */
export interface Operator {
  readonly name: string;
  readonly privacyUrl?: string;
  readonly helpUrl?: string;
}

type TemplateName =
  | 'consent'
  | 'shared'
  | 'choose'
  | 'other-person'
  | 'message'
  | 'account'
  | 'sharing'
  | 'disconnect'
  | 'activity'
  | 'receipts'
  | 'security'
  | 'value'
  | 'own-data'
  | 'delete'
  | 'deleted';

export interface Page {
  /** File in `templates/`, without its ending. */
  readonly template: TemplateName;
  /** Plain text. */
  readonly title: string;
  readonly t: Translator;
  readonly data: Readonly<Record<string, unknown>>;
  /** Default 200. */
  readonly status?: number;
  /** One column of reading width. */
  readonly narrow?: true;
  /** Origins that forms of the page lead on to. */
  readonly formTargets?: readonly string[];
  /** Our path that shows this page by GET; the language links lead there. */
  readonly path: string;
  /** Section of My data that the page is; shows the sections. */
  readonly section?: 'data' | 'activity' | 'receipts' | 'security' | 'own';
}

/** Makes pages from the templates beside this file, which are read and compiled once. */
export class PageRenderer {
  readonly #eta = new Eta({ views: fileURLToPath(new URL('./templates', import.meta.url)), cache: true });
  readonly #operator: Operator;
  readonly #cookies: PageCookies;
  readonly #isTest: boolean;

  /** @param options `mode`: in `test` every page says so. Default `live` */
  constructor(options: { operator: Operator; cookies: PageCookies; mode?: 'live' | 'test' | undefined }) {
    this.#operator = options.operator;
    this.#cookies = options.cookies;
    this.#isTest = options.mode === 'test';
  }

  /** The language of this request; a choice by `?lang=` is remembered. */
  translator(request: FastifyRequest, reply: FastifyReply, suggested: readonly string[] = []): Translator {
    const { lang } = request.query as { lang?: unknown };
    const query = typeof lang === 'string' ? lang : undefined;
    if (query) this.#cookies.setLanguage(reply, query);
    const cookie = this.#cookies.language(request);
    return translatorFor(
      chooseLocale({ query, cookie, suggested, acceptLanguage: request.headers['accept-language'] }),
    );
  }

  html(page: Page): string {
    const { t, data, title } = page;
    return this.#eta.render(`./${page.template}`, {
      ...data,
      t,
      page: {
        title,
        locale: t.locale,
        direction: t.direction,
        stylesheet: STYLESHEET_PATH,
        narrow: page.narrow === true,
        isTest: this.#isTest,
        operator: this.#operator,
        languages: languageLinks(page.path, t.locale),
        sections: page.section ? sectionLinks(page.section, t) : undefined,
      },
    });
  }

  /** A file for people to keep, with nothing around it. */
  document(template: 'export-file', t: Translator, data: Readonly<Record<string, unknown>>): string {
    return this.#eta.render(`./${template}`, { ...data, t });
  }

  send(reply: FastifyReply, page: Page): FastifyReply {
    pageHeaders(reply, { formTargets: page.formTargets ?? [] });
    return reply.code(page.status ?? 200).send(this.html(page));
  }
}

const SECTIONS = [
  ['data', '/account'],
  ['activity', '/account/activity'],
  ['receipts', '/account/receipts'],
  ['security', '/account/security'],
  ['own', '/account/export'],
] as const;

function sectionLinks(section: NonNullable<Page['section']>, t: Translator) {
  return SECTIONS.map(([name, href]) => ({ href, label: t.text(`nav.${name}`), current: name === section }));
}

function languageLinks(path: string, current: Locale) {
  return (Object.keys(LOCALES) as Locale[]).map((locale) => ({
    locale,
    name: LOCALES[locale].name,
    direction: LOCALES[locale].direction,
    href: `${path}?lang=${locale}`,
    current: locale === current,
  }));
}
