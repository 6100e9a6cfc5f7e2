import type { Request } from 'express';

/** Whether a person looks at the answer: a page load, not a script's request. */
export function wantsHtml(request: Request): boolean {
  const { accept = '', 'sec-fetch-mode': mode } = request.headers;
  return accept.includes('text/html') && (mode === undefined || mode === 'navigate');
}

/** Whether the visitor can be sent away and come back to the same page. */
export function isPageLoad(request: Request): boolean {
  return request.method === 'GET' && wantsHtml(request);
}
