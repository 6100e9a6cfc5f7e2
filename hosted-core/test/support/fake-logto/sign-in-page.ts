import { recordedResponse } from './recordings.ts';

const RECORDED_ORIGIN = 'http://127.0.0.1:13001';

/** Recorded: which page comes first. A `first_screen` that does not exist takes the other wishes along. */
const FIRST_SCREENS: Readonly<Record<string, string>> = {
  register: 'first_screen=register',
  reset_password: 'first_screen=reset_password',
  'identifier:sign_in': 'first_screen=identifier:sign_in with login_hint and identifier',
  single_sign_on: 'first_screen=single_sign_on',
};

/** Where the browser goes to sign in, with the wishes that are shown there. */
export function signInPage(query: URLSearchParams, applicationId: string): string {
  const wish = query.get('first_screen') ?? 'sign_in';
  const recorded = FIRST_SCREENS[wish];
  const page = new URL(
    recorded ? (recordedResponse('authorize-parameters', recorded).headers.location ?? '') : '/sign-in',
    RECORDED_ORIGIN,
  );
  const shown = new URLSearchParams({ app_id: applicationId });
  for (const name of recorded || wish === 'sign_in' ? ['ui_locales', 'login_hint'] : []) {
    const value = query.get(name);
    if (value) shown.set(name, value);
  }
  return `${page.pathname}?${shown}`;
}
