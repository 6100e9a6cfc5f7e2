import { Browser } from '../../../hosted-core/test/support/browser.ts';
import type { TestWordPress } from './wordpress.ts';

/** What WordPress keeps of a session token. */
export interface TokenEntry {
  readonly expiration: number;
  readonly login: number;
  readonly ip?: string;
  readonly ua?: string;
  readonly userref?: { readonly sid: string; readonly expires_at: number };
}

/** The session tokens of a user; default the core's person. */
export function tokensOf(
  { ask, core }: TestWordPress,
  login: string = core.person.userRef,
): Promise<TokenEntry[]> {
  const kept = `get_user_meta(get_user_by('login', '${login}')->ID, 'session_tokens', true)`;
  return ask(`return array_values((array) (${kept} ?: []));`);
}

/** Whether the start page takes the browser for one of somebody who is signed in. */
export async function seesMember({ site }: TestWordPress, browser: Browser): Promise<boolean> {
  return /class="[^"]*logged-in/.test(await (await browser.fetch(`${site.url}/`)).text());
}

/** A browser in which the core's person is signed in, in a session of this name. */
export async function signInWithSid(
  wordpress: TestWordPress,
  sid: string,
  browser = new Browser(),
): Promise<Browser> {
  wordpress.core.person.sid = sid;
  await wordpress.signIn(browser);
  return browser;
}

export async function forgetTokens({ site }: TestWordPress): Promise<void> {
  await site.sql("delete from wp_usermeta where meta_key = 'session_tokens'");
}
