import { randomUUID } from 'node:crypto';
import { appendAudit } from '../../audit/audit-log.ts';
import { EVENT_TYPES } from '../../contract/generated.ts';
import type { Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import {
  checkOutboundTarget,
  OutboundError,
  type OutboundPolicy,
  type ResolveName,
} from '../../outbound/outbound-fetch.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import { scheduleDelivery } from './delivery-job.ts';
import { newEndpointKey } from './endpoint-keys.ts';
import {
  type EndpointKind,
  type EndpointRow,
  insertEndpoint,
  listEndpointRows,
  pauseEndpoint,
  replaceSecret,
  resumeEndpoint,
} from './endpoint-repository.ts';
import { sealSecret } from './endpoint-secret.ts';
import { decodeWebhookSecret, newWebhookSecret } from './standard-webhooks-signature.ts';

export interface WebhookEndpointsOptions {
  readonly secretBox: SecretBox;
  /** The policy of the fetch that delivers. */
  readonly policy: OutboundPolicy;
  readonly resolveName?: ResolveName;
}

export interface NewEndpoint {
  readonly tenantId: string;
  readonly siteId: string;
  /** Default `events`. `poll` has no address: the site asks for its events. */
  readonly kind?: EndpointKind | undefined;
  readonly url?: string | undefined;
  /** Default: all. */
  readonly eventTypes?: readonly string[] | undefined;
  /** `whsec_…`. Default: a new one. */
  readonly secret?: string;
}

/** What a site needs to verify events of one endpoint. The secret is shown here and never again. */
export interface EndpointCredentials {
  readonly secret: string;
  /** `whpk_…`, verifies `v1a` signatures. */
  readonly publicKey: string;
}

interface EndpointId {
  readonly tenantId: string;
  readonly endpointId: string;
}

/**
 * Where sites want their events. Every method runs in the caller's transaction, opened with `inTenant`.
 * A site may have several endpoints, each with a secret and a key of its own.
 */
export class WebhookEndpoints {
  readonly #options: WebhookEndpointsOptions;

  constructor(options: WebhookEndpointsOptions) {
    this.#options = options;
  }

  /** @throws UserrefError `invalid_request` for an address, an event type or a secret that is not accepted */
  async register(
    tx: Queryable,
    endpoint: NewEndpoint,
  ): Promise<EndpointCredentials & { endpointId: string }> {
    const { tenantId, siteId, kind = 'events' } = endpoint;
    const secret = endpoint.secret ?? newWebhookSecret();
    decodeWebhookSecret(secret);
    const eventTypes = checkedTypes(endpoint.eventTypes);
    const url = kind === 'poll' ? null : await this.#acceptUrl(endpoint.url ?? '');
    const endpointId = randomUUID();
    const { secretBox } = this.#options;
    const sealedSecret = sealSecret(secretBox, { endpointId, secret });
    const key = newEndpointKey(secretBox, endpointId);
    await insertEndpoint(tx, { tenantId, siteId, endpointId, kind, url, eventTypes, sealedSecret, key });
    const data = { endpoint_id: endpointId, kind };
    await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'webhook.endpoint_registered', data }]);
    return { endpointId, secret, publicKey: key.publicKey };
  }

  list(tx: Queryable, query: { tenantId: string; siteId?: string | undefined }): Promise<EndpointRow[]> {
    return listEndpointRows(tx, query);
  }

  /**
   * Events are signed with the new and the old secret and key for `overlapSeconds` (default one day).
   * @throws UserrefError `not_found`
   */
  async rotateSecret(
    tx: Queryable,
    endpoint: EndpointId & { overlapSeconds?: number | undefined },
  ): Promise<EndpointCredentials> {
    const { tenantId, endpointId, overlapSeconds = 86_400 } = endpoint;
    const secret = newWebhookSecret();
    const { secretBox } = this.#options;
    const sealedSecret = sealSecret(secretBox, { endpointId, secret });
    const key = newEndpointKey(secretBox, endpointId);
    const siteId = await replaceSecret(tx, { tenantId, endpointId, sealedSecret, key, overlapSeconds });
    if (siteId === undefined) throw new UserrefError('not_found');
    const data = { endpoint_id: endpointId, rotated: true };
    await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'webhook.endpoint_registered', data }]);
    return { secret, publicKey: key.publicKey };
  }

  /** Nothing is sent from now on; events wait. @throws UserrefError `not_found` */
  async pause(tx: Queryable, { tenantId, endpointId }: EndpointId): Promise<void> {
    const siteId = await pauseEndpoint(tx, { tenantId, endpointId });
    if (siteId === undefined) throw new UserrefError('not_found');
    const data = { endpoint_id: endpointId };
    await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'webhook.endpoint_paused', data }]);
  }

  /**
   * Sends again, to one that was paused or disabled; what waited goes out now with its full 72 hours.
   * @throws UserrefError `not_found`
   */
  async resume(tx: Queryable, { tenantId, endpointId }: EndpointId): Promise<void> {
    const resumed = await resumeEndpoint(tx, { tenantId, endpointId });
    if (resumed === undefined) throw new UserrefError('not_found');
    for (const deliveryId of resumed.deliveryIds) await scheduleDelivery(tx, { tenantId, deliveryId });
    const data = { endpoint_id: endpointId };
    const { siteId } = resumed;
    await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'webhook.endpoint_resumed', data }]);
  }

  /** A name that does not resolve yet is accepted: it is checked again before every connection. */
  async #acceptUrl(input: string): Promise<string> {
    const { policy, resolveName } = this.#options;
    try {
      const url = await checkOutboundTarget(input, { policy, ...(resolveName && { resolveName }) });
      return url.href;
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      if (error.reason === 'name_not_resolved') return new URL(input).href;
      throw new UserrefError('invalid_request', {
        detail: `The webhook address is refused: ${error.reason}.`,
      });
    }
  }
}

function checkedTypes(types: readonly string[] | undefined): readonly string[] | null {
  if (types === undefined || types.length === 0) return null;
  const unknown = types.find((type) => !(EVENT_TYPES as readonly string[]).includes(type));
  if (unknown === undefined) return [...new Set(types)];
  throw new UserrefError('invalid_request', {
    detail: `There is no such event type. Known: ${EVENT_TYPES.join(', ')}.`,
  });
}
