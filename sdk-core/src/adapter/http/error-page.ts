import type { ErrorCode } from '../../errors/userref-error.ts';
import { PAGE_STYLE, type VisitorLanguage } from '../../generated/visitor-texts.ts';

/** What a page about an error says to visitors, in their language. Texts, not markup; no cause and no secret. */
export interface ErrorPage {
  /** The HTTP status of the answer. */
  readonly status: number;
  readonly code: ErrorCode;
  /** The language of the texts, BCP 47, for `lang`. */
  readonly language: string;
  /** Which way the language runs, for `dir`. */
  readonly direction: 'ltr' | 'rtl';
  /** What happened, in a few words. */
  readonly title: string;
  /** What happened, in a sentence. */
  readonly happened: string;
  /** What the visitor can do. */
  readonly advice: string;
  /**
   * What it means for whoever develops the site, in English. There only on a developer's machine (by
   * `baseUrl`) and on previews.
   */
  readonly hint?: { readonly detail: string; readonly fix: string };
  /** Where the code is explained to developers. */
  readonly helpUrl: string;
  /** Whether trying again makes sense. */
  readonly isTransient: boolean;
  /** By which the core's operator finds what happened. */
  readonly requestId?: string | undefined;
  /** Ways on, the best one first. Addresses of this site. */
  readonly links: readonly PageLink[];
}

/** A way on from a page about an error. */
export interface PageLink {
  readonly href: string;
  readonly text: string;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A plain page that says what happened, what to do, and the code to tell whoever helps. */
export function renderErrorPage(page: ErrorPage, words: VisitorLanguage['words']): string {
  const { code, title, language, direction, helpUrl, requestId, links } = page;
  const items = links.map(({ href, text }) => `<li><a href="${inert(href)}">${inert(text)}</a></li>`);
  const request =
    requestId === undefined ? '' : `<br>${inert(words.request)} <bdi dir="ltr">${inert(requestId)}</bdi>`;
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${inert(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${inert(title)}</h1>
<p>${inert(page.happened)}</p>
<p>${inert(page.advice)}</p>
<ul>
${items.join('\n')}
</ul>
<p><small>${inert(words.code)} <a href="${inert(helpUrl)}" rel="noreferrer"><bdi dir="ltr">${code}</bdi></a>${request}</small></p>
</main>
${hintOf(page)}</body>
</html>
`;
}

/** English, whatever the page speaks: it is for developers. */
function hintOf({ hint }: ErrorPage): string {
  if (hint === undefined) return '';
  return `<aside lang="en" dir="ltr">
<hr>
<p><small>For the site’s developers, shown on their machines and on previews only: ${inert(hint.detail)} ${inert(hint.fix)}</small></p>
</aside>
`;
}

function inert(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
