import { Provider } from 'oidc-provider';

/** A sign-in that a request had to ask for is done within this time. */
const SAME_REQUEST_SECONDS = 900;
const GRID_SECONDS = 3600;

interface AuthTimeFacts {
  /** Unix seconds. */
  readonly authenticatedAt: number;
  readonly now: number;
  /** The person signed in for this very request. */
  readonly forThisRequest: boolean;
  readonly maxAgeSeconds?: number | undefined;
}

/**
 * When a person signed in, as one site may know it. Two sites that are visited in one session would know their
 * common visitor by the second of it. Who signed in for this very request did so before the site's eyes; at
 * any other sign-in the site learns the full hour before, or what its `max_age` has just made sure of. Never
 * later than the truth, so no sign-in seems fresher than it is.
 */
export function authTimeFor({ authenticatedAt, now, forThisRequest, maxAgeSeconds }: AuthTimeFacts): number {
  if (forThisRequest && now - authenticatedAt <= SAME_REQUEST_SECONDS) return authenticatedAt;
  const hour = authenticatedAt - (authenticatedAt % GRID_SECONDS);
  if (maxAgeSeconds === undefined) return hour;
  return Math.min(authenticatedAt, Math.max(hour, now - maxAgeSeconds));
}

interface EngineSession {
  readonly loginTs?: number;
}

/** Codes, tokens and passports take their `auth_time` from the session; none gets the session's own. */
export function coarsenAuthTime(provider: Provider): void {
  const { Session } = provider as unknown as {
    Session: { prototype: { authTime(this: EngineSession): number | undefined } };
  };
  Session.prototype.authTime = function authTime() {
    if (this.loginTs === undefined) return undefined;
    const oidc = Provider.ctx?.oidc;
    const maxAge = oidc?.params?.max_age;
    return authTimeFor({
      authenticatedAt: this.loginTs,
      now: Math.floor(Date.now() / 1000),
      forThisRequest: oidc?.result?.login !== undefined,
      maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
    });
  };
}
