import { createPrivateKey, createSign } from 'node:crypto';
import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import { readCredentialsFile } from './credentials-file.ts';
import { KeyServiceError } from './key-service-error.ts';
import { type JsonAnswer, requestJson } from './service-request.ts';

export interface GcpAccessTokenOptions {
  readonly fetch: OutboundFetch;
  readonly credentialsFile?: string | undefined;
  readonly metadataUrl?: string;
  readonly now?: () => Date;
}

const SCOPE = 'https://www.googleapis.com/auth/cloudkms';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const METADATA_PATH = '/computeMetadata/v1/instance/service-accounts/default/token';
/** A token is not used in its last minute, so that it does not end on the way. */
const MARGIN_SECONDS = 60;

/**
 * Access tokens for Google's services: by a service account's key (RFC 7523), or from the metadata server of
 * the machine. Kept until a minute before their end; callers that come together share one request.
 */
export class GcpAccessTokens {
  readonly #options: GcpAccessTokenOptions;
  readonly #now: () => Date;
  #token: { text: string; until: number } | undefined;
  #asking: Promise<string> | undefined;

  constructor(options: GcpAccessTokenOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  async get(signal: AbortSignal): Promise<string> {
    if (this.#token && this.#token.until > this.#seconds()) return this.#token.text;
    this.#asking ??= this.#request(signal).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** The service did not take it. */
  forget(): void {
    this.#token = undefined;
  }

  async #request(signal: AbortSignal): Promise<string> {
    const { credentialsFile } = this.#options;
    const answer = credentialsFile
      ? await this.#byServiceAccount(credentialsFile, signal)
      : await this.#byMetadata(signal);
    const { access_token: text, expires_in: seconds } = answer.json;
    if (answer.status !== 200 || typeof text !== 'string' || typeof seconds !== 'number')
      throw tokenRefused(answer.status);
    this.#token = { text, until: this.#seconds() + seconds - MARGIN_SECONDS };
    return text;
  }

  async #byServiceAccount(path: string, signal: AbortSignal): Promise<JsonAnswer> {
    const account = parseServiceAccount(
      await readCredentialsFile(path, 'the key of a service account'),
      path,
    );
    const assertion = signAssertion(account, this.#seconds());
    return requestJson(this.#options.fetch, {
      url: account.token_uri,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
      signal,
    });
  }

  #byMetadata(signal: AbortSignal): Promise<JsonAnswer> {
    const { metadataUrl = 'http://metadata.google.internal', fetch } = this.#options;
    return requestJson(fetch, {
      url: `${metadataUrl}${METADATA_PATH}?scopes=${encodeURIComponent(SCOPE)}`,
      method: 'GET',
      headers: { 'metadata-flavor': 'Google' },
      signal,
    });
  }

  #seconds(): number {
    return Math.floor(this.#now().getTime() / 1_000);
  }
}

interface ServiceAccount {
  readonly client_email: string;
  readonly private_key: string;
  readonly private_key_id: string;
  readonly token_uri: string;
}

function parseServiceAccount(text: string, path: string): ServiceAccount {
  try {
    const account = JSON.parse(text) as Record<string, unknown>;
    const needed = ['client_email', 'private_key', 'private_key_id', 'token_uri'];
    if (account['type'] === 'service_account' && needed.every((name) => typeof account[name] === 'string'))
      return account as unknown as ServiceAccount;
  } catch {
    // Falls through: the parser's message would quote the file.
  }
  throw new KeyServiceError('denied', `credentials file ${path} is no key of a service account`);
}

/** RFC 7523 §3, as Google wants it: RS256, one hour. */
function signAssertion(account: ServiceAccount, now: number): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'RS256', typ: 'JWT', kid: account.private_key_id });
  const claims = encode({
    iss: account.client_email,
    scope: SCOPE,
    aud: account.token_uri,
    iat: now,
    exp: now + 3_600,
  });
  const signature = createSign('RSA-SHA256')
    .update(`${header}.${claims}`)
    .sign(createPrivateKey(account.private_key), 'base64url');
  return `${header}.${claims}.${signature}`;
}

function tokenRefused(status: number): KeyServiceError {
  if (status === 429) return new KeyServiceError('throttled', 'the token service asks to slow down');
  if (status >= 400 && status < 500)
    return new KeyServiceError('denied', `the token service refuses the account (${status})`);
  return new KeyServiceError('unavailable', `the token service answered ${status}`);
}
