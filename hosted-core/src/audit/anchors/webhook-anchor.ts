import { createOutboundFetch, type OutboundPolicy } from '../../outbound/outbound-fetch.ts';
import type { Anchor } from './anchor.ts';

/**
 * Sends each checkpoint as `text/plain` to an address of the operator's choice, such as an auditor's. The
 * note carries its own signature; anything but 2xx is tried again with the next checkpoint.
 */
export function webhookAnchor(options: { url: string; policy: OutboundPolicy }): Anchor {
  const fetch = createOutboundFetch({ policy: options.policy, timeoutMs: 15_000, maxBytes: 65_536 });
  return {
    name: 'webhook',
    async put({ note }) {
      const headers = { 'content-type': 'text/plain; charset=utf-8' };
      const response = await fetch(options.url, { method: 'POST', headers, body: note });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the webhook for checkpoints answered ${response.status}`);
    },
  };
}
