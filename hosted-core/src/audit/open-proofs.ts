import type { AuditSettings } from '../config/audit-settings.ts';
import type { Logger } from '../observability/logger.ts';
import type { OutboundPolicy } from '../outbound/outbound-fetch.ts';
import { openAnchors } from './anchors/open-anchors.ts';
import type { AuditProofs } from './audit-loop.ts';
import { SignerFile } from './signer-file.ts';

/** Signer and anchors as the settings say; both halves share them. */
export async function openAuditProofs(
  settings: AuditSettings,
  { policy, logger }: { policy: OutboundPolicy; logger: Logger },
): Promise<AuditProofs> {
  if (!settings.signerFile)
    logger.warn('checkpoints of the audit log are not signed: USERREF_AUDIT_SIGNER_FILE is not set');
  return {
    signer: settings.signerFile ? new SignerFile(settings.signerFile) : undefined,
    anchors: await openAnchors(settings, { policy, now: () => new Date() }),
    anchorEverySeconds: settings.anchorEverySeconds,
  };
}
