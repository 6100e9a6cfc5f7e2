import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import { readCredentialsFile } from './credentials-file.ts';
import { encodeKeyContext } from './key-context.ts';
import type { KeyCall, KeyDriver } from './key-driver.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { KeyContext, WrappedKey } from './key-wrapper.ts';
import { decodeBase64, type JsonAnswer, keyServiceFetch, requestJson } from './service-request.ts';

export interface VaultTransitOptions {
  /** `https://vault.example.eu/v1` */
  readonly apiUrl: string;
  readonly mount: string;
  readonly keyName: string;
  readonly namespace?: string | undefined;
  /** File with a token that may use `encrypt`, `decrypt` and `rewrap` of this key. Read for every call. */
  readonly tokenFile: string | undefined;
  /** Default: the way out of the house. */
  readonly fetch?: OutboundFetch;
}

const DOMAIN = 'userref/kek/transit/v1';
const CIPHERTEXT = /^vault:v[1-9]\d{0,9}:[A-Za-z0-9+/]{40,2000}={0,2}$/;

/**
 * The transit engine of HashiCorp Vault and of OpenBao. The key must be made with `derived=true`: our context
 * is the derivation context, so every context has a key of its own. (`associated_data` would bind as well,
 * but neither product's `rewrap` takes it.)
 */
export function vaultTransitDriver(options: VaultTransitOptions): KeyDriver {
  const { apiUrl, mount, keyName, fetch = keyServiceFetch() } = options;
  const rootKeyId = `vault:${mount}/keys/${keyName}`;

  async function ask(verb: 'encrypt' | 'decrypt' | 'rewrap', fields: Record<string, string>, call: KeyCall) {
    const token = await readCredentialsFile(options.tokenFile, 'a token of Vault or OpenBao');
    const answer = await requestJson(fetch, {
      url: `${apiUrl}/${mount}/${verb}/${keyName}`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-vault-request': 'true',
        'x-vault-token': token,
        ...(options.namespace && { 'x-vault-namespace': options.namespace }),
      },
      body: JSON.stringify(fields),
      signal: call.signal,
    });
    if (answer.status === 200) return (answer.json['data'] ?? {}) as Record<string, unknown>;
    throw refusal(answer);
  }

  return {
    rootKeyId,
    async wrap(plainKey, context, call) {
      const fields = { plaintext: plainKey.toString('base64'), context: contextField(context) };
      return wrappedKey(rootKeyId, await ask('encrypt', fields, call));
    },
    async unwrap(wrapped, context, call) {
      const fields = { ciphertext: ciphertextOf(wrapped, rootKeyId), context: contextField(context) };
      return decodeBase64((await ask('decrypt', fields, call))['plaintext']);
    },
    async rewrap(wrapped, context, call) {
      const fields = { ciphertext: ciphertextOf(wrapped, rootKeyId), context: contextField(context) };
      return wrappedKey(rootKeyId, await ask('rewrap', fields, call));
    },
  };
}

function contextField(context: KeyContext): string {
  return encodeKeyContext(DOMAIN, context).toString('base64');
}

function wrappedKey(rootKeyId: string, data: Record<string, unknown>): WrappedKey {
  const { ciphertext } = data;
  if (typeof ciphertext !== 'string' || !CIPHERTEXT.test(ciphertext))
    throw new KeyServiceError('damaged', 'the answer holds no ciphertext of the form vault:vN:');
  return { rootKeyId, blob: Buffer.from(ciphertext, 'ascii') };
}

function ciphertextOf(wrapped: WrappedKey, rootKeyId: string): string {
  const text = wrapped.blob.toString('latin1');
  if (wrapped.rootKeyId !== rootKeyId || !CIPHERTEXT.test(text))
    throw new KeyServiceError('damaged', 'wrapped by another key, or not of the form vault:vN:');
  return text;
}

/**
 * The engine answers 400 for everything that a caller may have got wrong and tells the reasons apart by text
 * only. What is not known is taken for a damaged blob: it opens nothing, and is not repeated.
 */
function refusal({ status, json }: JsonAnswer): KeyServiceError {
  if (status === 429) return new KeyServiceError('throttled', 'asks to slow down (429)');
  if (status === 403 || status === 404) return new KeyServiceError('denied', `refuses the token (${status})`);
  if (status !== 400) return new KeyServiceError('unavailable', `answered ${status}`);
  const errors = Array.isArray(json['errors']) ? json['errors'].join(' ') : '';
  if (
    /key not found|disallowed by policy|version is too old|no longer (active|available)|unsupported/i.test(
      errors,
    )
  )
    return new KeyServiceError('denied', 'the key is missing, or this version of it is not allowed any more');
  return new KeyServiceError('damaged', 'the blob does not open under this key and context');
}
