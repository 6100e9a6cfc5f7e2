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

/**
 * Whether a sign-in is older than a silent request allows. It goes by the full hour before, as `auth_time` does:
 * else a site could ask again and again with a falling `max_age`, unseen, until it knows the second.
 */
export function isPastSilently({ authenticatedAt, now }: AuthTimeFacts, maxAgeSeconds: number): boolean {
  return now - (authenticatedAt - (authenticatedAt % GRID_SECONDS)) > maxAgeSeconds;
}

interface EngineSession {
  readonly loginTs?: number;
}

interface EngineSessionClass {
  readonly prototype: {
    authTime(this: EngineSession): number | undefined;
    past(this: EngineSession, maxAge: unknown): boolean;
  };
}

/**
 * Codes, tokens and passports take their `auth_time` from the session; none gets the session's own. What `max_age`
 * of a request with `prompt=none` is compared with is no finer.
 */
export function coarsenAuthTime(provider: Provider): void {
  const { Session } = provider as unknown as { Session: EngineSessionClass };
  const exactlyPast = Session.prototype.past;
  Session.prototype.past = function past(maxAge) {
    const isSilent = Provider.ctx?.oidc?.prompts.has('none') === true;
    if (!isSilent || this.loginTs === undefined) return exactlyPast.call(this, maxAge);
    const facts = {
      authenticatedAt: this.loginTs,
      now: Math.floor(Date.now() / 1000),
      forThisRequest: false,
    };
    return isPastSilently(facts, Number(maxAge));
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
