import type { IncomingRequest } from '../incoming-request.ts';

/** Whether a person looks at the answer: a page load, not a script's request. */
export function wantsHtml(incoming: IncomingRequest): boolean {
  const mode = incoming.header('sec-fetch-mode');
  return (
    (incoming.header('accept') ?? '').includes('text/html') && (mode === undefined || mode === 'navigate')
  );
}

/** Whether the visitor can be sent away and come back to the same page. */
export function isPageLoad(incoming: IncomingRequest): boolean {
  return incoming.method === 'GET' && wantsHtml(incoming);
}
