/**
 * What each kind of event means to us. `end` ends the person's sessions at once and has the account looked at;
 * `look` has it looked at; `ignore` is deliberate: nothing here depends on it.
 */
const MEANING = {
  'User.Deleted': 'end',
  'User.SuspensionStatus.Updated': 'end',
  PostResetPassword: 'end',
  'User.Data.Updated': 'look',
  // We took part in the sign-in, or hear of the account at the first one.
  PostSignIn: 'ignore',
  PostRegister: 'ignore',
  'User.Created': 'ignore',
  PostSignInAdaptiveMfaTriggered: 'ignore',
  // Old tokens of ours made room for new ones; sessions here do not depend on them.
  'Grant.LimitExceeded': 'ignore',
  'Identifier.Lockout': 'ignore',
  'Message.RateLimited': 'ignore',
  // Roles, scopes and organizations of Logto play no part here.
  'Role.Created': 'ignore',
  'Role.Deleted': 'ignore',
  'Role.Data.Updated': 'ignore',
  'Role.Scopes.Updated': 'ignore',
  'Scope.Created': 'ignore',
  'Scope.Deleted': 'ignore',
  'Scope.Data.Updated': 'ignore',
  'Organization.Created': 'ignore',
  'Organization.Deleted': 'ignore',
  'Organization.Data.Updated': 'ignore',
  'Organization.Membership.Updated': 'ignore',
  'OrganizationRole.Created': 'ignore',
  'OrganizationRole.Deleted': 'ignore',
  'OrganizationRole.Data.Updated': 'ignore',
  'OrganizationRole.Scopes.Updated': 'ignore',
  'OrganizationScope.Created': 'ignore',
  'OrganizationScope.Deleted': 'ignore',
  'OrganizationScope.Data.Updated': 'ignore',
} as const satisfies Record<string, 'end' | 'look' | 'ignore'>;

export type LogtoEventName = keyof typeof MEANING;

/** The events to register a hook for: those that mean something. */
export const WANTED_EVENTS = Object.entries(MEANING).flatMap(([name, meaning]) =>
  meaning === 'ignore' ? [] : [name as LogtoEventName],
);
export const KNOWN_EVENTS = Object.keys(MEANING) as LogtoEventName[];

/** What there is to do, and why. */
type Consequence =
  | { readonly meaning: 'end'; readonly why: 'deleted' | 'suspended' | 'password_reset' }
  | { readonly meaning: 'look' | 'ignore'; readonly why?: undefined };

/** All that is kept of a delivery's body: no name, no address. */
export type LogtoEvent = Consequence & { readonly userId: string | undefined; readonly createdAt: Date };

/** @returns `undefined` for what is no event of Logto's */
export function readLogtoEvent(body: Buffer): LogtoEvent | undefined {
  return logtoEventOf(parse(body));
}

/** As {@link readLogtoEvent}, of a body that is parsed already. */
export function logtoEventOf(value: unknown): LogtoEvent | undefined {
  const body = objectOf(value);
  const createdAt = typeof body?.createdAt === 'string' ? new Date(body.createdAt) : undefined;
  if (typeof body?.event !== 'string' || !createdAt || Number.isNaN(createdAt.getTime())) return undefined;
  return { ...consequenceOf(body.event, body), userId: userIdOf(body), createdAt };
}

function consequenceOf(event: string, body: Json): Consequence {
  if (event === 'User.Deleted') return { meaning: 'end', why: 'deleted' };
  if (event === 'User.SuspensionStatus.Updated')
    return objectOf(body.data)?.isSuspended === false
      ? { meaning: 'look' }
      : { meaning: 'end', why: 'suspended' };
  if (event === 'PostResetPassword' || (event === 'User.Data.Updated' && isNewPassword(body)))
    return { meaning: 'end', why: 'password_reset' };
  return { meaning: (WANTED_EVENTS as string[]).includes(event) ? 'look' : 'ignore' };
}

/** An administrator's new password for somebody, and one of the person's own, come as a change of data, too. */
function isNewPassword({ matchedRoute, interactionEvent }: Json): boolean {
  return matchedRoute === '/users/:userId/password' || interactionEvent === 'ForgotPassword';
}

/** `params.userId`, else `data.id`, else `userId`: bodies of `/custom-data` and `/profile` hold only that object. */
function userIdOf(body: Json): string | undefined {
  const found = [objectOf(body.params)?.userId, objectOf(body.data)?.id, body.userId];
  return found.find((id): id is string => typeof id === 'string' && id !== '' && id.length <= 128);
}

type Json = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
