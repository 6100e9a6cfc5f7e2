import type { UserrefOptions } from '../src/options/options.ts';
import { sessionCookie, type TestSession } from './session-cookie.ts';

/** A browser context of Playwright, as far as it is needed. */
export interface CookieTaker {
  addCookies(
    cookies: {
      name: string;
      value: string;
      url: string;
      httpOnly: boolean;
      secure: boolean;
      sameSite: 'Lax';
    }[],
  ): Promise<void>;
}

/** Signs a browser in at the site of `options` without a login: `await signInBrowser(context, options)`. */
export async function signInBrowser(
  context: CookieTaker,
  options: UserrefOptions,
  session: TestSession = {},
): Promise<void> {
  const { name, value } = await sessionCookie(options, session);
  const url = options.baseUrl;
  const secure = url.startsWith('https:');
  await context.addCookies([{ name, value, url, httpOnly: true, secure, sameSite: 'Lax' }]);
}
