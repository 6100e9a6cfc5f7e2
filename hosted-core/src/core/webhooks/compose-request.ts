import type { SecretBox } from '../../secrets/secret-box.ts';
import type { Sending } from './attempt-delivery.ts';
import type { DeliveryMaterial } from './delivery-repository.ts';
import { openEndpointKey } from './endpoint-keys.ts';
import { openSecret } from './endpoint-secret.ts';
import type { LogoutTokens } from './logout-token.ts';
import { webhookHeaders } from './standard-webhooks-signature.ts';

export interface ComposeOptions {
  readonly secretBox: SecretBox;
  readonly logoutTokens: LogoutTokens;
}

/** The request of one attempt, signed with its time: an event, or for such an endpoint a logout token. */
export async function composeRequest(
  material: DeliveryMaterial,
  now: Date,
  options: ComposeOptions,
): Promise<Sending> {
  return material.kind === 'backchannel_logout'
    ? logoutRequest(material, now, options)
    : eventRequest(material, now, options);
}

function eventRequest(material: DeliveryMaterial, now: Date, { secretBox }: ComposeOptions): Sending {
  const { endpointId, eventId: id, body, url } = material;
  const timestamp = Math.floor(now.getTime() / 1_000);
  const secrets = material.sealedSecrets.map((sealed) => openSecret(secretBox, { endpointId, sealed }));
  const signingKeys = material.sealedSigningKeys.map((sealed) =>
    openEndpointKey(secretBox, endpointId, sealed),
  );
  const signed = webhookHeaders({ id, timestamp, body }, { secrets, signingKeys });
  return { url, body, headers: { 'content-type': 'application/json', ...signed } };
}

/** OpenID Connect Back-Channel Logout 1.0 §2.5. */
async function logoutRequest(
  material: DeliveryMaterial,
  now: Date,
  { logoutTokens }: ComposeOptions,
): Promise<Sending> {
  const { data } = JSON.parse(material.body.toString('utf8')) as { data: { user_ref: string; sid?: string } };
  const { siteId, idTokenAlg: alg, url } = material;
  const token = await logoutTokens.sign({ siteId, alg, userRef: data.user_ref, sid: data.sid }, now);
  return {
    url,
    body: Buffer.from(new URLSearchParams({ logout_token: token }).toString()),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
}
