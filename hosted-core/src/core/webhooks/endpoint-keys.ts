import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SecretBox } from '../../secrets/secret-box.ts';

const PUBLIC_PREFIX = 'whpk_';

/** An endpoint's key for `v1a` signatures. Its public half may be shown to anybody. */
export interface EndpointKey {
  readonly sealed: Buffer;
  /** `whpk_` and the base64 of 32 bytes (Standard Webhooks, «Asymmetric signatures»). */
  readonly publicKey: string;
}

const purposeOf = (endpointId: string) => `webhook-signing-key/${endpointId}`;

export function newEndpointKey(box: SecretBox, endpointId: string): EndpointKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    sealed: box.seal(purposeOf(endpointId), der),
    publicKey: PUBLIC_PREFIX + Buffer.from(x, 'base64url').toString('base64'),
  };
}

/** @throws UserrefError `integrity_error` when it was sealed for another endpoint, or altered */
export function openEndpointKey(box: SecretBox, endpointId: string, sealed: Buffer): KeyObject {
  return createPrivateKey({ key: box.open(purposeOf(endpointId), sealed), format: 'der', type: 'pkcs8' });
}
