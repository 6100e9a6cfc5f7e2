import type { UserrefError } from '../../errors/userref-error.ts';

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
export function errorPage(error: UserrefError, links: readonly PageLink[]): string {
  const items = links.map(({ href, text }) => `<li><a href="${inert(href)}">${inert(text)}</a></li>`);
  const requestId = error.requestId === undefined ? '' : ` · request ${inert(error.requestId)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${inert(error.title)}</title>
</head>
<body>
<main>
<h1>${inert(error.title)}</h1>
<p>${inert(error.detail)}</p>
<p>${inert(error.fix)}</p>
<ul>
${items.join('\n')}
</ul>
<p><small>Code <a href="${inert(error.helpUrl)}" rel="noreferrer">${error.code}</a>${requestId}</small></p>
</main>
</body>
</html>
`;
}

function inert(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
