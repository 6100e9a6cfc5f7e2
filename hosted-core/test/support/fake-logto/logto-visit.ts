import type { Browser } from '../browser.ts';
import { type FakeLogto, PASSWORD } from './fake-logto.ts';

/**
 * Opens an address and, where it leads to Logto's sign-in page, does what that page does (recorded as
 * «sign-in-flow»); stops where `stopAt` takes over.
 */
export async function openAtLogto(
  browser: Browser,
  logto: FakeLogto,
  wish: { url: string; username: string; stopAt: string },
): Promise<{ url: URL; response: Response }> {
  const first = await browser.open(wish.url, { stopAt: wish.stopAt });
  if (first.url.origin !== logto.origin || first.url.pathname !== '/sign-in') return first;
  const { redirectTo } = await signInForm(browser, logto, wish.username);
  return browser.open(redirectTo, { stopAt: wish.stopAt });
}

/** The form alone, up to where the browser would go on. */
export async function signInForm(
  browser: Browser,
  logto: FakeLogto,
  username: string,
): Promise<{ redirectTo: string }> {
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await browser.fetch(`${logto.origin}/api/experience${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`Logto's sign-in page: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? {} : ((await answer.json()) as Record<string, string>);
  };
  await send('PUT', '', { interactionEvent: 'SignIn' });
  const identifier = { type: 'username', value: username };
  const { verificationId } = await send('POST', '/verification/password', { identifier, password: PASSWORD });
  await send('POST', '/identification', { verificationId });
  const { redirectTo = '' } = await send('POST', '/submit');
  return { redirectTo };
}
