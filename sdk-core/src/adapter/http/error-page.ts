import type { ErrorCode } from '../../errors/userref-error.ts';

/** What a page about an error says. Texts, not markup; no cause and no secret. */
export interface ErrorPage {
  /** The HTTP status of the answer. */
  readonly status: number;
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  /** What whoever runs the site can do; of little use to visitors. */
  readonly fix: string;
  /** Where the code is explained. */
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

/** No scripts, no styles, nothing from elsewhere; it fits any site. */
export const PAGE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A plain page that says what happened, what to do, and the code to look up. */
export function renderErrorPage(page: ErrorPage): string {
  const { code, title, detail, fix, helpUrl, requestId, links } = page;
  const items = links.map(({ href, text }) => `<li><a href="${inert(href)}">${inert(text)}</a></li>`);
  const request = requestId === undefined ? '' : ` · request ${inert(requestId)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${inert(title)}</title>
</head>
<body>
<main>
<h1>${inert(title)}</h1>
<p>${inert(detail)}</p>
<p>${inert(fix)}</p>
<ul>
${items.join('\n')}
</ul>
<p><small>Code <a href="${inert(helpUrl)}" rel="noreferrer">${code}</a>${request}</small></p>
</main>
</body>
</html>
`;
}

function inert(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
