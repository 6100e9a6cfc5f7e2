import { UserrefError } from '@userref/sdk-core';
import type { ErrorRequestHandler } from 'express';
import { sendError } from './http/send-error.ts';
import { isPageLoad } from './http/wants-html.ts';
import { type Visit, visitOf } from './visit.ts';

/**
 * Error middleware: `app.use(userrefErrors())` after the routes. Errors of the SDK that a route threw become
 * a page or a problem document; a page load whose session has died goes to sign in again. Other errors pass.
 */
export function userrefErrors(): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (!(error instanceof UserrefError) || response.headersSent) return next(error);
    answer(error, visitOf(request)).catch(next);
  };
}

async function answer(error: UserrefError, visit: Visit): Promise<void> {
  const { request, response } = visit;
  const isSignedOut = error.code === 'session_revoked' || error.code === 'not_signed_in';
  try {
    if (isSignedOut && isPageLoad(request)) return await response.userref.login({ startedBy: 'page' });
    sendError(error, visit);
  } catch (failure) {
    if (!(failure instanceof UserrefError)) throw failure;
    sendError(failure, visit);
  }
}
