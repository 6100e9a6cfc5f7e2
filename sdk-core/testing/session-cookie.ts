import { createUserref } from '../src/create-userref.ts';
import type { UserrefOptions } from '../src/options/options.ts';
import { createSession, type SessionFields } from '../src/session/session.ts';
import { ACCESS_TOKEN, SID, USER_REF } from './fake/fake-person.ts';

/** What the session says; everything has a default. */
export interface TestSession extends Partial<SessionFields> {
  /** Default: the one that the fake cell takes. */
  readonly accessToken?: string;
}

/** A session cookie in the two forms that tests need. */
export interface TestCookie {
  readonly name: string;
  readonly value: string;
  /** `name=value`, for a `Cookie` header. */
  readonly header: string;
}

/**
 * The session cookie of a signed-in visitor, without a login: for tests of pages. `options` are those of the
 * site; `session` says what differs from a visitor who signed in this moment and shares nothing.
 */
export async function sessionCookie(options: UserrefOptions, session: TestSession = {}): Promise<TestCookie> {
  const { accessToken = ACCESS_TOKEN, ...given } = session;
  const now = Math.floor((options.clock?.() ?? new Date()).getTime() / 1000);
  const fields: SessionFields = {
    userRef: USER_REF,
    sid: SID,
    consents: [],
    assuranceLevel: 'substantial',
    authTime: now,
    issuedAt: now,
    expiresAt: now + (options.sessionTtlSeconds ?? 28_800),
    askedPurposes: {},
    ...given,
  };
  const { setCookies } = await createUserref(options).reviseSession(createSession(fields, accessToken), {});
  const [header = ''] = (setCookies[0] ?? '').split(';', 1);
  const equals = header.indexOf('=');
  return { name: header.slice(0, equals), value: header.slice(equals + 1), header };
}
