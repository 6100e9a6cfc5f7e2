import type { Response } from 'express';

/** 303: the browser goes on with GET. Nothing of the way there is kept or passed on. */
export function redirect(response: Response, url: string): void {
  response.set('Cache-Control', 'no-store').set('Referrer-Policy', 'no-referrer').set('Location', url);
  response.status(303).end();
}
