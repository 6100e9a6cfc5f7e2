/** A sentence, or one sentence a plural category (CLDR) for messages with `{count}`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

/** The reference catalogue: every other language has exactly these keys. */
export const en = {
  'language.label': 'Language',
  'who.signedInAs': 'Signed in as {who}',
  'who.unnamed': 'you',
  'who.notYou': 'Not you?',
  'value.yes': 'Yes',
  'value.no': 'No',
  'value.missing': 'Nothing kept yet',

  'consent.title': 'Choose what to share with {site}',
  'consent.asks': '{site} asks you for data for',
  'consent.always.title': 'Always shared',
  'consent.always.text':
    'A code that only {site} can use to recognise you ({code}). Other sites get a different one.',
  'consent.choice.title': 'You choose',
  'consent.choice.hint': 'Nothing is ticked for you. {site} gets only what you tick.',
  'consent.purpose': 'What for',
  'consent.recipient': 'Who receives it',
  'consent.already': 'You already share this, until {date}.',
  'consent.changed': 'The purpose has a new wording since you last agreed.',
  'consent.duration.title': 'For how long',
  'consent.duration.once': 'Only this time, ends on {date}',
  'consent.duration.days': { one: '{count} day, ends on {date}', other: '{count} days, ends on {date}' },
  'consent.duration.untilStopped': 'Until I stop, at the latest {date}',
  'consent.stop': 'You can stop sharing at any time in My data. Signing in keeps working.',
  'consent.deny': 'Continue without sharing',
  'consent.allow': 'Share selected',

  'otherPerson.title': 'Not you?',
  'otherPerson.text': 'You are signed in here as {who}, but somebody else is using {site} in this browser.',
  'otherPerson.safe': 'Nothing was shared.',
  'otherPerson.switch': 'Sign in as somebody else',
  'otherPerson.back': 'Go back to {site}',

  'account.title': 'My data',
  'account.intro': 'What we keep for you, who may read it, and how to stop that.',
  'account.sites.count': { one: '{count} connected site', other: '{count} connected sites' },
  'account.readers.count': { one: '{count} can read data', other: '{count} can read data' },
  'account.sites.title': 'Connected sites',
  'account.sites.empty.title': 'No connected sites yet',
  'account.sites.empty.text':
    'A site appears here once you sign in to it with Userref. You then see what it may read, and can stop that with one click.',
  'account.sites.unavailable':
    'The list of sites cannot be loaded right now. You can still stop sharing below.',
  'account.data.title': 'What we keep for you',
  'account.data.text': 'Kept encrypted in the region {region}. A site sees a value only while you share it.',
  'account.data.show': 'Show values',
  'account.data.empty.title': 'Nothing kept yet',
  'account.data.empty.text': 'Your sign-in has passed on no details about you.',
  'account.activity.title': 'Recent activity',
  'account.activity.empty.title': 'Nothing has happened yet',
  'account.activity.empty.text': 'Each time you share, decline or stop, it is noted here.',
  'account.signOut': 'Sign out',

  'site.connectedSince': 'Connected since {date}',
  'site.lastSignIn': 'Last sign-in on {date}',
  'site.readsNothing': 'Reads nothing about you. It only recognises you by a code of its own.',
  'site.mayRead': 'May read',
  'site.since': 'Since',
  'site.until': 'Until',
  'site.lastRead': 'Last read',
  'site.neverRead': 'Never',
  'site.reads': { one: '{count} time in all', other: '{count} times in all' },
  'site.stopOne': 'Stop sharing',
  'site.stopOne.label': 'Stop sharing {attribute} with {site}',
  'site.stopAll': 'Stop all sharing with {site}',

  'activity.granted': 'You share {attribute} with {site}',
  'activity.renewed': 'You share {attribute} with {site} for longer',
  'activity.denied': 'You did not share {attribute} with {site}',
  'activity.withdrawn': 'You stopped sharing {attribute} with {site}',
  'activity.expired': 'Sharing {attribute} with {site} came to its end',

  'done.stopped': 'Sharing is stopped. The site can no longer read this, and was told so.',
  'done.already': 'This was stopped before. Nothing is shared.',

  'signedOut.title': 'You are signed out',
  'signedOut.text': 'You can close this page.',
  'signedOut.again': 'Sign in again',

  'error.interaction_not_found.title': 'This page is over, or belongs to another browser',
  'error.interaction_not_found.text':
    'Go back to the site and start again there. If you opened a link from somebody else, close this page.',
  'error.interaction_expired.title': 'This page has expired',
  'error.interaction_expired.text': 'Nothing was shared. Go back to the site and start again there.',
  'error.upstream_unavailable.title': 'Signing in does not work right now',
  'error.upstream_unavailable.text':
    'The sign-in service does not answer. Nothing is wrong with your account. Please try again in a moment.',
  'error.sign_in_cancelled.title': 'You have not signed in',
  'error.sign_in_cancelled.text': 'The sign-in was stopped before it was finished. You can start it again.',
  'error.csrf_rejected.title': 'This action was refused',
  'error.csrf_rejected.text':
    'It did not come from our own page, or the page was too old. Nothing was changed. Load the page anew and try again.',
  'error.service_unavailable.title': 'We will be back in a moment',
  'error.service_unavailable.text':
    'A part of this service is away. Nothing was changed. Please try again shortly.',
  'error.not_found.title': 'There is nothing here',
  'error.not_found.text': 'The address may be wrong, or the page has gone.',
  'error.refused.title': 'This request was not understood',
  'error.refused.text': 'Nothing was changed. Go back, load the page anew and try again.',
  'error.other.title': 'Something went wrong on our side',
  'error.other.text': 'Nothing was shared. Please try again. If it happens again, tell us the code below.',
  'error.reference': 'Code {code}, request {request}',
  'error.retry': 'Try again',
  'error.account': 'Open My data',

  'footer.operator': 'Run by {operator}',
  'footer.privacy': 'Privacy notice',
  'footer.help': 'Help',
  'footer.complain': 'You may complain to your data protection authority.',
} as const satisfies Record<string, Message>;

export type MessageKey = keyof typeof en;
export type Catalogue = Readonly<Record<MessageKey, Message>>;
