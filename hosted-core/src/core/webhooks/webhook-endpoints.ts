import { randomUUID } from 'node:crypto';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import {
  checkOutboundTarget,
  OutboundError,
  type OutboundPolicy,
  type ResolveName,
} from '../../outbound/outbound-fetch.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import { type EndpointRow, insertEndpoint, listEndpointRows, replaceSecret } from './endpoint-repository.ts';
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
  readonly url: string;
  /** `whsec_…`. Default: a new one. */
  readonly secret?: string;
}

/**
 * Where sites want their events. Every method runs in the caller's transaction, opened with `inTenant`.
 * A site may have several endpoints, each with a secret of its own.
 */
export class WebhookEndpoints {
  readonly #options: WebhookEndpointsOptions;

  constructor(options: WebhookEndpointsOptions) {
    this.#options = options;
  }

  /**
   * The secret is shown here and never again.
   * @throws UserrefError `invalid_request` for an address or a secret that is not accepted
   */
  async register(tx: Queryable, endpoint: NewEndpoint): Promise<{ endpointId: string; secret: string }> {
    const { tenantId, siteId } = endpoint;
    const secret = endpoint.secret ?? newWebhookSecret();
    decodeWebhookSecret(secret);
    const url = await this.#acceptUrl(endpoint.url);
    const endpointId = randomUUID();
    const sealedSecret = sealSecret(this.#options.secretBox, { endpointId, secret });
    await insertEndpoint(tx, { tenantId, siteId, endpointId, url, sealedSecret });
    await appendAudit(tx, 'core', [
      { tenantId, siteId, action: 'webhook.endpoint_registered', data: { endpoint_id: endpointId } },
    ]);
    return { endpointId, secret };
  }

  list(tx: Queryable, query: { tenantId: string; siteId: string }): Promise<EndpointRow[]> {
    return listEndpointRows(tx, query);
  }

  /**
   * Events are signed with the new and the old secret for `overlapSeconds` (default one day).
   * @throws UserrefError `not_found`
   */
  async rotateSecret(
    tx: Queryable,
    endpoint: { tenantId: string; endpointId: string; overlapSeconds?: number },
  ): Promise<{ secret: string }> {
    const { tenantId, endpointId, overlapSeconds = 86_400 } = endpoint;
    const secret = newWebhookSecret();
    const sealedSecret = sealSecret(this.#options.secretBox, { endpointId, secret });
    const siteId = await replaceSecret(tx, { tenantId, endpointId, sealedSecret, overlapSeconds });
    if (siteId === undefined) throw new UserrefError('not_found');
    await appendAudit(tx, 'core', [
      {
        tenantId,
        siteId,
        action: 'webhook.endpoint_registered',
        data: { endpoint_id: endpointId, rotated: true },
      },
    ]);
    return { secret };
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
