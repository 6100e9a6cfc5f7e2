import type { Userref } from '../../create-userref.ts';
import { ConsentRequiredError } from '../../errors/consent-required-error.ts';
import { LoginFailedError } from '../../errors/login-failed-error.ts';
import type { UserrefError } from '../../errors/userref-error.ts';
import { PAGE_POLICY, type VisitorLanguage } from '../../generated/visitor-texts.ts';
import type { Languages } from '../adapter-options.ts';
import type { Answer } from '../answer.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import { loginPath } from '../login-path.ts';
import { chooseLanguage } from './choose-language.ts';
import { type ErrorPage, type PageLink, renderErrorPage } from './error-page.ts';
import { statusOf } from './status.ts';
import { type VisitorText, visitorText } from './visitor-text.ts';
import { wantsHtml } from './wants-html.ts';

interface Site extends Pick<Userref, 'site' | 'baseUrl' | 'paths'> {
  readonly languages: Languages;
  /** On a developer's machine or a preview: pages say what developers read, too. */
  readonly isInDevelopment: boolean;
}

/** A page for people, a problem document (RFC 9457) for programs. Never a cause or secret. */
export function errorAnswer(error: UserrefError, incoming: IncomingRequest, site: Site): Answer {
  const status = statusOf(error.code);
  const headers: Record<string, string> = {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 401 && { 'WWW-Authenticate': `Userref realm="${site.site}"` }),
    ...(status === 503 && { 'Retry-After': '5' }),
  };
  const setCookies = error instanceof LoginFailedError ? error.setCookies : [];
  if (!wantsHtml(incoming)) {
    headers['Content-Type'] = 'application/problem+json; charset=utf-8';
    return { status, headers, setCookies, body: JSON.stringify(problemOf(error, incoming, site)) };
  }
  headers['Content-Type'] = 'text/html; charset=utf-8';
  headers['Content-Security-Policy'] = PAGE_POLICY;
  headers['Referrer-Policy'] = 'no-referrer';
  const language = chooseLanguage(site.languages, incoming.header('accept-language'));
  const page = pageOf(error, { incoming, site, language });
  return { status, headers, setCookies, body: renderErrorPage(page, language.words), page };
}

interface Asked {
  readonly incoming: IncomingRequest;
  readonly site: Site;
  readonly language: VisitorLanguage;
}

function pageOf(error: UserrefError, asked: Asked): ErrorPage {
  const { code, detail, fix, helpUrl, isTransient, requestId } = error;
  const { tag, direction } = asked.language;
  const { way, ...text } = visitorText(code, asked.language);
  return {
    ...{ status: statusOf(code), code, language: tag, direction, ...text, helpUrl, isTransient, requestId },
    ...(asked.site.isInDevelopment && { hint: { detail, fix } }),
    links: linksFor(error, way, asked),
  };
}

function problemOf(error: UserrefError, incoming: IncomingRequest, site: Site): Record<string, unknown> {
  return {
    type: error.helpUrl,
    title: error.title,
    status: statusOf(error.code),
    detail: error.detail,
    code: error.code,
    fix: error.fix,
    retryable: error.isTransient,
    ...(error.requestId === undefined ? {} : { request_id: error.requestId }),
    ...consentMembers(error, incoming, site),
  };
}

function consentMembers(error: UserrefError, incoming: IncomingRequest, site: Site): Record<string, unknown> {
  if (!(error instanceof ConsentRequiredError)) return {};
  const { attributes, purpose } = error;
  return { attributes, purpose, consent_url: site.baseUrl + consentPath(error, incoming, site) };
}

function linksFor(
  error: UserrefError,
  way: VisitorText['way'],
  { incoming, site, language: { words } }: Asked,
): PageLink[] {
  const home = { href: '/', text: words.start };
  if (error instanceof ConsentRequiredError) {
    return [{ href: consentPath(error, incoming, site), text: words.share }, home];
  }
  if (way !== 'sign_in') return [home];
  const returnTo = error instanceof LoginFailedError ? error.returnTo : undefined;
  return [{ href: loginPath(site.paths, { returnTo }), text: words.signIn }, home];
}

/** The address that asks the visitor again, because they want to. */
function consentPath(error: ConsentRequiredError, { method, target }: IncomingRequest, site: Site): string {
  const { attributes, purpose } = error;
  return loginPath(site.paths, { attributes, purpose, ...(method === 'GET' && { returnTo: target }) });
}
