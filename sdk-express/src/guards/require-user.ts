import { UserrefError } from '@userref/sdk-core';
import type { RequestHandler } from 'express';
import { isPageLoad } from '../http/wants-html.ts';
import { guard } from './guard.ts';

/** Lets signed-in visitors pass. A page load goes to sign in and comes back; anything else gets 401 `not_signed_in`. */
export function requireUser(): RequestHandler {
  return guard(async ({ session, request, response }) => {
    if (session !== null) return true;
    if (!isPageLoad(request)) throw new UserrefError('not_signed_in');
    await response.userref.login({ startedBy: 'page' });
    return false;
  });
}
