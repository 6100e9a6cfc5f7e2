import { createHash } from 'node:crypto';
import type { SamplePerson } from './sample-people.ts';

/** A page of one heading, one sentence and a form, under a banner that cannot be mistaken for the real thing. */
export function signInPage(input: { action: string; people: readonly SamplePerson[] }): string {
  const buttons = input.people.map(
    (person) =>
      `<li><button name="login" value="${escapeHtml(person.login)}"><b>${escapeHtml(person.name)}</b>` +
      `<span>${escapeHtml(person.email)}</span></button></li>`,
  );
  return page({
    title: 'Who do you want to be?',
    body:
      '<p>These people are made up. One click signs you in; there is no password.</p>' +
      `<form method="post" action="${escapeHtml(input.action)}"><ul>${buttons.join('')}</ul></form>`,
  });
}

/** @param form the hidden form of the OpenID provider, with the id `op.logoutForm` */
export function signOutPage(form: string): string {
  return page({
    title: 'Sign out of the development sign-in?',
    body:
      `${form}<div class="row"><button form="op.logoutForm" name="logout" value="yes"><b>Sign out</b></button>` +
      '<button form="op.logoutForm"><b>Stay signed in</b></button></div>',
  });
}

export function signedOutPage(): string {
  return page({ title: 'You are signed out', body: '<p>You can close this page.</p>' });
}

/** @param code an OAuth error code, such as `invalid_request` */
export function signInErrorPage(code: string): string {
  return page({
    title: 'This sign-in cannot go on',
    body: `<p>It may be over, or was started elsewhere. Go back to the site and start again. <code>${escapeHtml(code)}</code></p>`,
  });
}

function page({ title, body }: { title: string; body: string }): string {
  return (
    '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">' +
    `<title>${escapeHtml(title)} · development sign-in</title><style>${STYLE}</style></head><body>` +
    '<p class="banner" role="note"><strong>For development only.</strong> Anybody can sign in here as anybody. ' +
    'Userref refuses to start it in production.</p>' +
    `<main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`
  );
}

const STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#1b1f27,#eceef3);--soft:light-dark(#555d6b,#a9b0be);--page:light-dark(#fbf7ee,#17150f);--card:light-dark(#fff,#211f18);--line:light-dark(#cfc5ab,#4d4735)}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
.banner{margin:0;padding:.75rem 1rem;text-align:center;color:#2b1d00;background:repeating-linear-gradient(135deg,#ffd166 0 1.25rem,#ffc94a 1.25rem 2.5rem)}
main{max-inline-size:30rem;margin:3rem auto;padding-inline:1rem}h1{font-size:1.6rem;line-height:1.25}p{color:var(--soft)}.banner{color:#2b1d00}
ul{list-style:none;margin:1.5rem 0;padding:0;display:grid;gap:.75rem}.row{display:grid;gap:.75rem;margin-block-start:1.5rem}
button{inline-size:100%;min-block-size:3rem;padding:.75rem 1rem;text-align:start;font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:.75rem;cursor:pointer}
button:hover{border-color:var(--ink)}button:focus-visible{outline:3px solid #b26b00;outline-offset:2px}button span{display:block;color:var(--soft);overflow-wrap:anywhere}
code{font-size:.875em}`;

/**
 * No `form-action`: it also governs where redirects after a post lead, and one click here goes on through
 * the cell, the core and the site, whose origins this provider cannot know.
 */
export const SIGN_IN_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
