import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import { crc32c } from './crc32c.ts';
import { GcpAccessTokens } from './gcp-access-token.ts';
import { encodeKeyContext } from './key-context.ts';
import type { KeyCall, KeyDriver } from './key-driver.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { KeyContext } from './key-wrapper.ts';
import { decodeBase64, type JsonAnswer, keyServiceFetch, requestJson } from './service-request.ts';

export interface GcpKmsOptions {
  /** `projects/…/locations/…/keyRings/…/cryptoKeys/…` */
  readonly keyName: string;
  /** Key file of a service account. Without it the metadata server is asked for tokens. */
  readonly credentialsFile?: string | undefined;
  /** Default `https://cloudkms.googleapis.com`. */
  readonly endpoint?: string | undefined;
  /** Default: the way out of the house. */
  readonly fetch?: OutboundFetch;
  /** Default `http://metadata.google.internal`. */
  readonly metadataUrl?: string;
}

const DOMAIN = 'userref/kek/gcp/v1';

/**
 * Google Cloud KMS, spoken to over REST (Cloud KMS API v1, `cryptoKeys.encrypt` and `decrypt`). Every field
 * that travels has its CRC-32C with it, both ways.
 */
export function gcpKmsDriver(options: GcpKmsOptions): KeyDriver {
  const { keyName, endpoint = 'https://cloudkms.googleapis.com', fetch = keyServiceFetch() } = options;
  const tokens = new GcpAccessTokens({ ...options, fetch });

  async function ask(verb: 'encrypt' | 'decrypt', fields: Record<string, string>, call: KeyCall) {
    const send = async () =>
      requestJson(fetch, {
        url: `${endpoint}/v1/${keyName}:${verb}`,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await tokens.get(call.signal)}`,
        },
        body: JSON.stringify(fields),
        signal: call.signal,
      });
    let answer = await send();
    if (answer.status === 401) {
      tokens.forget();
      answer = await send();
    }
    if (answer.status === 200) return answer.json;
    throw refusal(answer);
  }

  return {
    rootKeyId: keyName,
    async wrap(plainKey, context, call) {
      const fields = { ...withChecksum('plaintext', plainKey), ...contextFields(context) };
      const answer = await ask('encrypt', fields, call);
      if (
        answer['verifiedPlaintextCrc32c'] !== true ||
        answer['verifiedAdditionalAuthenticatedDataCrc32c'] !== true
      )
        throw new KeyServiceError('damaged', 'the service did not verify what it was sent');
      if (typeof answer['name'] !== 'string' || !answer['name'].startsWith(`${keyName}/cryptoKeyVersions/`))
        throw new KeyServiceError('damaged', 'another key than the configured one was used');
      return { rootKeyId: keyName, blob: checked(answer, 'ciphertext') };
    },
    async unwrap(wrapped, context, call) {
      if (wrapped.rootKeyId !== keyName || wrapped.blob.length === 0)
        throw new KeyServiceError('damaged', 'wrapped by another key than the configured one');
      const fields = { ...withChecksum('ciphertext', wrapped.blob), ...contextFields(context) };
      return checked(await ask('decrypt', fields, call), 'plaintext');
    },
  };
}

function contextFields(context: KeyContext): Record<string, string> {
  return withChecksum('additionalAuthenticatedData', encodeKeyContext(DOMAIN, context));
}

/** Sums are written as text, as JSON has no 64-bit numbers (`Int64Value`). */
function withChecksum(name: string, bytes: Buffer): Record<string, string> {
  return { [name]: bytes.toString('base64'), [`${name}Crc32c`]: String(crc32c(bytes)) };
}

function checked(answer: Readonly<Record<string, unknown>>, name: string): Buffer {
  const bytes = decodeBase64(answer[name]);
  if (String(answer[`${name}Crc32c`]) === String(crc32c(bytes))) return bytes;
  bytes.fill(0);
  throw new KeyServiceError('damaged', `the ${name} was altered on its way (CRC-32C)`);
}

function refusal({ status, json }: JsonAnswer): KeyServiceError {
  const reason = (json['error'] as { status?: unknown } | undefined)?.status;
  if (status === 429) return new KeyServiceError('throttled', 'asks to slow down (RESOURCE_EXHAUSTED)');
  if (status === 400 && reason === 'INVALID_ARGUMENT')
    return new KeyServiceError('damaged', 'the blob does not open under this key and context');
  if ([400, 401, 403, 404].includes(status))
    return new KeyServiceError('denied', `refuses the key: ${typeof reason === 'string' ? reason : status}`);
  return new KeyServiceError('unavailable', `answered ${status}`);
}
