import { UserrefError } from '@userref/sdk-core';
import type { ErrorRequestHandler } from 'express';
import { visitOf } from './current-visit.ts';
import { sendInTime } from './send-answer.ts';

/**
 * Error middleware: `app.use(userrefErrors())` after the routes. Errors of the SDK that a route threw become
 * a page or a problem document; a page load whose session has died goes to sign in again. Other errors pass.
 */
export function userrefErrors(): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (!(error instanceof UserrefError) || response.headersSent) return next(error);
    const { visit, renderError } = visitOf(request);
    visit
      .recover(error)
      .then((answer) => sendInTime(answer, { request, response, next, renderError }))
      .catch(next);
  };
}
