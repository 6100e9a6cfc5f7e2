import type { SecretBox } from '../../secrets/secret-box.ts';

/** Endpoint ids are random, so a secret opens for its own endpoint only. */
function purposeOf(endpointId: string): string {
  return `webhook-secret/${endpointId}`;
}

export function sealSecret(box: SecretBox, options: { endpointId: string; secret: string }): Buffer {
  return box.seal(purposeOf(options.endpointId), Buffer.from(options.secret, 'utf8'));
}

/** @throws UserrefError `integrity_error` when it was sealed for another endpoint, or altered */
export function openSecret(box: SecretBox, options: { endpointId: string; sealed: Buffer }): string {
  return box.open(purposeOf(options.endpointId), options.sealed).toString('utf8');
}
