import type { KMSClient } from '@aws-sdk/client-kms';
import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import { awsRequestHandler } from './aws-request-handler.ts';
import type { KeyDriver } from './key-driver.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { KeyContext } from './key-wrapper.ts';
import { loadPeer } from './load-peer.ts';
import { keyServiceFetch, unreachable } from './service-request.ts';

export interface AwsKmsOptions {
  readonly keyArn: string;
  readonly awsRegion: string;
  /** Default: the service's address in the region. */
  readonly endpoint?: string | undefined;
  /** Default: the SDK's chain (environment, profile, web identity, container and machine roles). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Default: the way out of the house. */
  readonly fetch?: OutboundFetch;
}

/** By the names of the errors in the KMS API reference; what is not listed counts as unavailable. */
const FAULTS: Readonly<Record<string, 'throttled' | 'denied' | 'damaged'>> = {
  ThrottlingException: 'throttled',
  LimitExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequestsException: 'throttled',
  InvalidCiphertextException: 'damaged',
  IncorrectKeyException: 'damaged',
  AccessDeniedException: 'denied',
  DisabledException: 'denied',
  ExpiredTokenException: 'denied',
  IncompleteSignatureException: 'denied',
  InvalidArnException: 'denied',
  InvalidClientTokenId: 'denied',
  InvalidGrantTokenException: 'denied',
  InvalidKeyUsageException: 'denied',
  InvalidSignatureException: 'denied',
  KMSInvalidStateException: 'denied',
  NotFoundException: 'denied',
  UnrecognizedClientException: 'denied',
  ValidationException: 'denied',
  CredentialsProviderError: 'denied',
};

/**
 * AWS Key Management Service. The context goes along as `EncryptionContext`, so that it is bound and also
 * stands in CloudTrail. The SDK signs and parses; its requests go out through our own way, once each.
 */
export async function awsKmsDriver(options: AwsKmsOptions): Promise<KeyDriver> {
  const { keyArn, awsRegion, endpoint, credentials, fetch = keyServiceFetch() } = options;
  const sdk = await loadPeer('@aws-sdk/client-kms', () => import('@aws-sdk/client-kms'));
  const client = new sdk.KMSClient({
    region: awsRegion,
    requestHandler: awsRequestHandler(fetch),
    maxAttempts: 1,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
  });
  return {
    rootKeyId: keyArn,
    async wrap(plainKey, context, { signal }) {
      const command = new sdk.EncryptCommand({
        KeyId: keyArn,
        Plaintext: plainKey,
        EncryptionContext: encryptionContext(context),
      });
      const answer = await ask(() => client.send(command, { abortSignal: signal }));
      return { rootKeyId: keyArn, blob: bytesFrom(answer.CiphertextBlob, answer.KeyId, keyArn) };
    },
    async unwrap(wrapped, context, { signal }) {
      if (wrapped.rootKeyId !== keyArn || wrapped.blob.length === 0)
        throw new KeyServiceError('damaged', 'wrapped by another key than the configured one');
      const command = new sdk.DecryptCommand({
        KeyId: keyArn,
        CiphertextBlob: wrapped.blob,
        EncryptionContext: encryptionContext(context),
      });
      const answer = await ask(() => client.send(command, { abortSignal: signal }));
      return bytesFrom(answer.Plaintext, answer.KeyId, keyArn);
    },
    close: async () => closeClient(client),
  };
}

function encryptionContext(context: KeyContext): Record<string, string> {
  return {
    purpose: 'userref/kek/aws/v1',
    tenant: context.tenant,
    region: context.region,
    class: context.class,
    version: String(context.version),
  };
}

async function ask<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (cause) {
    if (cause instanceof KeyServiceError) throw cause;
    const { name, $metadata } = cause as { name?: string; $metadata?: { httpStatusCode?: number } };
    const fault = name === undefined || !Object.hasOwn(FAULTS, name) ? undefined : FAULTS[name];
    if (fault) throw new KeyServiceError(fault, `answered ${name}`);
    if ($metadata?.httpStatusCode)
      throw new KeyServiceError('unavailable', `answered ${$metadata.httpStatusCode}`);
    throw unreachable(cause);
  }
}

/** A copy in a buffer of its own, which the caller can wipe; the SDK's is wiped here. */
function bytesFrom(bytes: Uint8Array | undefined, keyId: string | undefined, keyArn: string): Buffer {
  if (!bytes || keyId !== keyArn)
    throw new KeyServiceError('damaged', 'another key than the configured one was used');
  const copy = Buffer.from(bytes);
  bytes.fill(0);
  return copy;
}

function closeClient(client: KMSClient): void {
  client.destroy();
}
