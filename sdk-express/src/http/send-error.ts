import { ConsentRequiredError, LoginFailedError, type Userref, type UserrefError } from '@userref/sdk-core';
import type { Request, Response } from 'express';
import { errorPage, PAGE_POLICY, type PageLink } from './error-page.ts';
import { statusOf } from './status.ts';
import { wantsHtml } from './wants-html.ts';

export interface ErrorAnswer {
  readonly userref: Userref;
  readonly request: Request;
  readonly response: Response;
}

/** Answers with the error: a page for people, a problem document (RFC 9457) for programs. Never a cause or secret. */
export function sendError(error: UserrefError, { userref, request, response }: ErrorAnswer): void {
  const status = statusOf(error.code);
  response.status(status).set('Cache-Control', 'no-store').set('X-Content-Type-Options', 'nosniff');
  if (status === 401) response.set('WWW-Authenticate', `Userref realm="${userref.site}"`);
  if (status === 503) response.set('Retry-After', '5');
  if (wantsHtml(request)) {
    response.set('Content-Security-Policy', PAGE_POLICY).set('Referrer-Policy', 'no-referrer');
    response.type('html').send(errorPage(error, linksFor(error, userref, request)));
  } else {
    response.type('application/problem+json').send(JSON.stringify(problemOf(error, userref, request)));
  }
}

function problemOf(error: UserrefError, userref: Userref, request: Request): Record<string, unknown> {
  return {
    type: error.helpUrl,
    title: error.title,
    status: statusOf(error.code),
    detail: error.detail,
    code: error.code,
    fix: error.fix,
    retryable: error.isTransient,
    ...(error.requestId === undefined ? {} : { request_id: error.requestId }),
    ...consentMembers(error, userref, request),
  };
}

function consentMembers(error: UserrefError, userref: Userref, request: Request): Record<string, unknown> {
  if (!(error instanceof ConsentRequiredError)) return {};
  const { attributes, purpose } = error;
  return { attributes, purpose, consent_url: userref.baseUrl + consentPath(error, userref, request) };
}

function linksFor(error: UserrefError, userref: Userref, request: Request): PageLink[] {
  const home = { href: '/', text: 'Back to the start page' };
  if (error instanceof ConsentRequiredError) {
    return [{ href: consentPath(error, userref, request), text: 'Choose what to share' }, home];
  }
  if (!isWorthAnotherLogin(error)) return [home];
  const returnTo = error instanceof LoginFailedError ? error.returnTo : undefined;
  const query = returnTo === undefined ? '' : `?${new URLSearchParams({ return_to: returnTo })}`;
  return [{ href: userref.paths.login + query, text: 'Sign in again' }, home];
}

function isWorthAnotherLogin({ code }: UserrefError): boolean {
  return /^(?:login_|passport_|session_|issuer_|token_|not_signed_in|discovery_|network_)/.test(code);
}

/** The address that asks the visitor again, because they want to. */
function consentPath(error: ConsentRequiredError, userref: Userref, request: Request): string {
  const query = new URLSearchParams({ attributes: error.attributes.join(','), purpose: error.purpose });
  if (request.method === 'GET') query.set('return_to', request.originalUrl);
  return `${userref.paths.login}?${query}`;
}
