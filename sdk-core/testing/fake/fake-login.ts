import { encodeBase64url } from '../../src/encoding/base64url.ts';
import { json, oauthError } from './json-response.ts';

/** Pushed requests and codes; each works once. */
export class FakeLogin {
  readonly #pushed = new Map<string, URLSearchParams>();
  readonly #codes = new Map<string, URLSearchParams>();
  #count = 0;

  /** `redirectUris` are those that are registered; `null` for any. */
  push(parameters: URLSearchParams, redirectUris: readonly string[] | null): Response {
    const redirectUri = parameters.get('redirect_uri') ?? '';
    const isRegistered = redirectUris?.includes(redirectUri) ?? redirectUri !== '';
    if (!isRegistered || !parameters.get('code_challenge')) return oauthError('invalid_request', 400);
    const uri = `urn:ietf:params:oauth:request_uri:${this.#next()}`;
    this.#pushed.set(uri, parameters);
    return json({ request_uri: uri, expires_in: 60 }, 201);
  }

  /** What a browser that comes to the authorization endpoint asks for. */
  parametersOf(url: string): URLSearchParams {
    const query = new URL(url).searchParams;
    const requestUri = query.get('request_uri');
    const parameters = requestUri === null ? query : this.#pushed.get(requestUri);
    if (parameters === undefined) throw new Error('this request was never pushed');
    return parameters;
  }

  newCode(parameters: URLSearchParams): string {
    const code = `code-${this.#next()}`;
    this.#codes.set(code, parameters);
    return code;
  }

  /** The request that a code belongs to, when the verifier fits (RFC 7636 §4.6). */
  async redeem(body: URLSearchParams): Promise<URLSearchParams | null> {
    const code = body.get('code') ?? '';
    const parameters = this.#codes.get(code);
    const verifier = new TextEncoder().encode(body.get('code_verifier') ?? '');
    const challenge = encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', verifier)));
    if (parameters?.get('code_challenge') !== challenge) return null;
    if (parameters.get('redirect_uri') !== body.get('redirect_uri')) return null;
    return this.#codes.delete(code) ? parameters : null;
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }
}
