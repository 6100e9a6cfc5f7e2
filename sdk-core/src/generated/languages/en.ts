// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

import type { VisitorLanguage } from '../visitor-texts.ts';

/** English. */
export const en: VisitorLanguage = {
  tag: 'en',
  direction: 'ltr',
  words: {
    signIn: 'Sign in again',
    share: 'Choose what to share',
    start: 'Back to the start page',
    code: 'Code',
    request: 'Request',
  },
  texts: {
    away: [
      'Signing in does not work right now',
      'The sign-in service of this site does not answer.',
      'Please try again in a few minutes. Whoever is signed in stays signed in.',
    ],
    not_set_up: [
      'Signing in does not work right now',
      'Something is not set up right on this site.',
      'Please tell the site the code below. Whoever is signed in stays signed in.',
    ],
    busy: [
      'This does not work right now',
      'A service that this site needs does not answer.',
      'Please try again in a few minutes. Whoever is signed in stays signed in.',
    ],
    unusable: [
      'Signing in did not work',
      'The sign-in service gave an answer that this site cannot use.',
      'Please sign in again. If it stays so, tell the site the code below.',
    ],
    not_finished: [
      'The sign-in was not finished',
      'It began in another browser, or this browser keeps no cookies of this site.',
      'Please allow cookies of this site and sign in again.',
    ],
    too_late: ['The sign-in took too long', 'For your safety it ends after a while.', 'Please sign in again.'],
    declined: ['You are not signed in', 'The sign-in was declined.', 'You can sign in again, or go on without.'],
    not_signed_in: [
      'You are not signed in',
      'This is for those who are signed in, and a sign-in ends after a while.',
      'Please sign in to go on.',
    ],
    step_up: [
      'Please sign in in a safer way',
      'This needs a sign-in that is newer or safer than yours was.',
      'Please go back, try again, and choose a safer way of signing in where you can.',
    ],
    not_shared: [
      'Something is needed from you',
      'You have not agreed to share this with the site, or your agreement has ended.',
      'Choose what to share to go on. You can take it back at any time.',
    ],
    restricted: [
      'This has to wait',
      'You have restricted what may be done with your data.',
      'It goes on when you have lifted that.',
    ],
    data_away: [
      'Your data cannot be shown right now',
      'The place that keeps it gave no usable answer.',
      'Please try again in a few minutes. If it stays so, tell the site the code below.',
    ],
    form_refused: [
      'The form was not accepted',
      'Its page was open for too long, or it came from elsewhere.',
      'Please load the page again and send the form once more.',
    ],
    nothing_here: [
      'There is nothing here',
      'The address may be misspelt, or what was here is gone.',
      'Please go on from the start page.',
    ],
    not_allowed: [
      'This is not allowed',
      'The account may not do that here.',
      'Please ask the site if you think that it should.',
    ],
    too_often: ['That was too often', 'This came too many times within a while.', 'Please wait a minute and try again.'],
    general: [
      'This did not work',
      'The site could not do what was asked.',
      'Please try again from the start page. If it stays so, tell the site the code below.',
    ],
  },
};
