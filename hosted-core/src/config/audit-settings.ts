import { z } from 'zod';

/** The settings of the audit log, a part of the schema in settings.ts. */
export const auditSettingsShape = {
  USERREF_AUDIT_SIGNER_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File with the keys that sign checkpoints of the audit log. Make it by `userref-core audit signer create`. Without it nothing is signed.',
    ),
  USERREF_AUDIT_ANCHOR_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File that only grows, into which checkpoints are written as JSON lines.'),
  USERREF_AUDIT_ANCHOR_WEBHOOK_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Address that gets checkpoints by POST, such as an auditor’s. Where it may lead: `USERREF_OUTBOUND`.',
    ),
  USERREF_AUDIT_ANCHOR_S3_BUCKET: z
    .string()
    .min(3)
    .optional()
    .describe(
      'Bucket with Object Lock that keeps checkpoints in COMPLIANCE mode. Credentials: where the AWS SDK finds them.',
    ),
  USERREF_AUDIT_ANCHOR_S3_REGION: z.string().min(1).default('us-east-1').describe('Region of that bucket.'),
  USERREF_AUDIT_ANCHOR_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of S3-compatible storage other than AWS.'),
  USERREF_AUDIT_ANCHOR_S3_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(3_650)
    .describe('Days for which nobody can delete a checkpoint there.'),
  USERREF_AUDIT_ANCHOR_EVERY_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(60)
    .describe('How often new checkpoints are anchored.'),
};

/** What the house sees of them. */
export interface AuditSettings {
  readonly signerFile: string | undefined;
  readonly anchorFile: string | undefined;
  readonly anchorWebhookUrl: string | undefined;
  readonly anchorS3:
    | {
        readonly bucket: string;
        readonly region: string;
        readonly endpoint: string | undefined;
        readonly retentionDays: number;
      }
    | undefined;
  readonly anchorEverySeconds: number;
}

type RawAuditSettings = z.output<z.ZodObject<typeof auditSettingsShape>>;

export function nameAuditSettings(raw: RawAuditSettings): AuditSettings {
  const bucket = raw.USERREF_AUDIT_ANCHOR_S3_BUCKET;
  return {
    signerFile: raw.USERREF_AUDIT_SIGNER_FILE,
    anchorFile: raw.USERREF_AUDIT_ANCHOR_FILE,
    anchorWebhookUrl: raw.USERREF_AUDIT_ANCHOR_WEBHOOK_URL,
    anchorS3:
      bucket === undefined
        ? undefined
        : {
            bucket,
            region: raw.USERREF_AUDIT_ANCHOR_S3_REGION,
            endpoint: raw.USERREF_AUDIT_ANCHOR_S3_ENDPOINT,
            retentionDays: raw.USERREF_AUDIT_ANCHOR_S3_RETENTION_DAYS,
          },
    anchorEverySeconds: raw.USERREF_AUDIT_ANCHOR_EVERY_SECONDS,
  };
}
