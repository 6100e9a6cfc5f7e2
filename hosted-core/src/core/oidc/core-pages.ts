import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { parseAcceptLanguage } from '../../http/accept-language.ts';
import { CORE_MESSAGES, chooseCoreLocale, directionOfCore } from './core-page-messages.ts';

const PAGES = new URL('pages/', import.meta.url);
const eta = new Eta({ views: fileURLToPath(PAGES), cache: true });

export const CORE_STYLE = readFileSync(new URL('core.css', PAGES), 'utf8');
/** Named by its content, so that it may be cached for ever. */
export const CORE_STYLE_PATH = `/assets/core-${createHash('sha256').update(CORE_STYLE).digest('hex').slice(0, 12)}.css`;

/** The few pages that the core shows itself; everything about a person is shown by the cell. */
export function corePages(issuer: string) {
  return {
    /** Asked because a mere link must not end anybody's session. */
    async confirmLogout(ctx: KoaContextWithOIDC, form: string) {
      const xsrf = /name="xsrf" value="([0-9a-f]+)"/.exec(form)?.[1];
      const asked = ctx.oidc.client ? 'confirmLogout' : 'confirmLogoutAlone';
      show(ctx, 'confirm-logout', asked, { xsrf, action: `${issuer}/session/end/confirm` });
    },
    async loggedOut(ctx: KoaContextWithOIDC) {
      show(ctx, 'logged-out', 'loggedOut', {});
    },
    async error(ctx: KoaContextWithOIDC, out: ErrorOut) {
      renderErrorPage(ctx, { code: out.error ?? 'invalid_request', detail: out.error_description ?? '' });
    },
  };
}

export function renderErrorPage(ctx: KoaContextWithOIDC, error: { code: string; detail: string }): void {
  show(ctx, 'error', 'error', error);
}

function show(
  ctx: KoaContextWithOIDC,
  page: string,
  words: keyof (typeof CORE_MESSAGES)['en'],
  data: Record<string, unknown>,
): void {
  const locale = chooseCoreLocale(wantedLanguages(ctx));
  ctx.type = 'html';
  ctx.body = eta.render(page, {
    ...CORE_MESSAGES[locale][words],
    ...data,
    locale,
    dir: directionOfCore(locale),
    style: CORE_STYLE_PATH,
  });
}

/** What the site suggests (`ui_locales`; sign-in and RP-Initiated Logout have it), then what the browser asks for. */
function wantedLanguages(ctx: KoaContextWithOIDC): string[] {
  const suggested = ctx.oidc?.params?.['ui_locales'];
  const browser = parseAcceptLanguage(ctx.get('accept-language'));
  return typeof suggested === 'string' ? [...suggested.split(' '), ...browser] : browser;
}
