import type { AuditSettings } from '../../config/audit-settings.ts';
import type { OutboundPolicy } from '../../outbound/outbound-fetch.ts';
import type { Anchor } from './anchor.ts';
import { fileAnchor } from './file-anchor.ts';
import { s3Anchor } from './s3-anchor.ts';
import { webhookAnchor } from './webhook-anchor.ts';

/** The anchors that the settings name. */
export async function openAnchors(
  settings: AuditSettings,
  { policy, now }: { policy: OutboundPolicy; now: () => Date },
): Promise<Anchor[]> {
  const { anchorFile, anchorWebhookUrl, anchorS3 } = settings;
  return [
    ...(anchorFile ? [fileAnchor(anchorFile)] : []),
    ...(anchorWebhookUrl ? [webhookAnchor({ url: anchorWebhookUrl, policy })] : []),
    ...(anchorS3 ? [await s3Anchor({ ...anchorS3, now })] : []),
  ];
}
