import { clientCredentialsGrant } from 'openid-client';
import type { CoreConnector } from '../discovery/core-connection.ts';
import { oauthRefusalOf, transportFailure, withoutPayload } from '../discovery/openid-errors.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { Transport } from '../transport/transport.ts';

/** The site's own access token for the cell (client credentials, RFC 6749 §4.4), bound to no person. */
export interface SiteToken {
  /** The token at hand, or a new one; asked for once, however many want it at the same time. */
  get(): Promise<string>;
  /** The cell has refused this token: the next {@link get} brings another. */
  forget(token: string): void;
}

interface Held {
  readonly token: string;
  /** Unix seconds. */
  readonly until: number;
}

const ACCESS_TOKEN = /^[\x21-\x7e]{1,512}$/;
/** A token that is about to expire would die on its way. */
const MARGIN_SECONDS = 30;
const DEFAULT_LIFETIME_SECONDS = 60;

export function createSiteToken(options: {
  readonly connector: CoreConnector;
  readonly transport: Transport;
  /** Unix seconds. */
  readonly now: () => number;
}): SiteToken {
  let held: Promise<Held> | undefined;
  let known: Held | undefined;
  const fetchToken = () => {
    const attempt = requestToken(options).then((fresh) => {
      known = fresh;
      return fresh;
    });
    attempt.catch(() => {
      if (held === attempt) held = undefined;
    });
    return attempt;
  };
  return {
    async get() {
      if (known && known.until <= options.now()) held = known = undefined;
      held ??= fetchToken();
      return (await held).token;
    },
    forget(token) {
      if (known?.token === token) held = known = undefined;
    },
  };
}

async function requestToken({
  connector,
  transport,
  now,
}: Parameters<typeof createSiteToken>[0]): Promise<Held> {
  const connection = await connector.connect();
  try {
    const client = connection.client(transport);
    const answer = await clientCredentialsGrant(client, { resource: connection.cell });
    const isUsable = answer.token_type === 'bearer' && ACCESS_TOKEN.test(answer.access_token);
    if (!isUsable)
      throw new UserrefError('token_exchange_failed', { detail: 'The token is no bearer token.' });
    const lifetime = answer.expires_in ?? DEFAULT_LIFETIME_SECONDS;
    return { token: answer.access_token, until: now() + lifetime - MARGIN_SECONDS };
  } catch (cause) {
    throw cause instanceof UserrefError ? cause : (transportFailure(cause) ?? refused(cause));
  }
}

function refused(cause: unknown): UserrefError {
  const answer = oauthRefusalOf(cause);
  return new UserrefError('token_exchange_failed', {
    detail: `The core gave this site no token of its own${answer ? `: ${answer.code}` : ''}.`,
    isTransient: answer?.isTransient,
    cause: withoutPayload(cause),
  });
}
