import { z } from 'zod';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import { insertPurpose, newestVersion, publishNewest } from './purpose-repository.ts';
import { checkedPurpose } from './purpose-rules.ts';

interface Dependencies {
  readonly database: Database;
  readonly tenantId: string;
}

const text = z.strictObject({
  title: z.string().trim(),
  description: z.string().trim(),
  recipients: z.string().trim().min(1).optional(),
});
const input = z.strictObject({
  id: z.string(),
  max_duration_days: z.number(),
  texts: z.record(z.string(), text),
  dpv_purpose: z.string().optional(),
  legal_basis: z.string().optional(),
});

/**
 * Registers the next version of a purpose of a site, as a draft: people are asked under the published one.
 * @param definition an object with `id`, `max_duration_days`, `texts`, `dpv_purpose`, `legal_basis`
 * @throws UserrefError `invalid_request`, `not_found` for an unknown site
 */
export async function addPurpose(
  { database, tenantId }: Dependencies,
  siteId: string,
  definition: unknown,
): Promise<PurposeText> {
  const draft = readPurpose(definition);
  return database
    .inTenant(tenantId, async (tx) => {
      const version = (await newestVersion(tx, { tenantId, siteId, purposeId: draft.purposeId })) + 1;
      const purpose = checkedPurpose({ ...draft, version });
      await insertPurpose(tx, { tenantId, siteId, purpose, publishedAt: null });
      const data = { purpose: purpose.purposeId, version };
      await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'purpose.registered', data }]);
      return purpose;
    })
    .catch((error: unknown) => {
      if ((error as { code?: string }).code === '23503')
        throw new UserrefError('not_found', { detail: `There is no site ${siteId}.`, cause: error });
      throw error;
    });
}

/**
 * Publishes the newest version: from now on it is what people are asked under, and who agreed to an earlier one
 * is asked again and sees what changed.
 * @throws UserrefError `not_found` when there is no draft
 */
export async function publishPurpose(
  { database, tenantId }: Dependencies,
  key: { siteId: string; purposeId: string },
): Promise<{ purposeId: string; version: number }> {
  return database.inTenant(tenantId, async (tx) => {
    const version = await publishNewest(tx, { tenantId, ...key });
    if (version === undefined)
      throw new UserrefError('not_found', {
        detail: `There is no draft of ${key.purposeId} at ${key.siteId}.`,
      });
    const data = { purpose: key.purposeId, version };
    await appendAudit(tx, 'core', [{ tenantId, siteId: key.siteId, action: 'purpose.published', data }]);
    return { purposeId: key.purposeId, version };
  });
}

function readPurpose(definition: unknown): Omit<PurposeText, 'version'> {
  const parsed = input.safeParse(definition);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new UserrefError('invalid_request', {
      detail: `The purpose is not right. ${problems.join('; ')}.`,
    });
  }
  const { id, max_duration_days, texts, dpv_purpose, legal_basis } = parsed.data;
  return {
    purposeId: id,
    maxDurationDays: max_duration_days,
    texts: texts as PurposeText['texts'],
    ...(dpv_purpose && { dpvPurpose: dpv_purpose }),
    ...(legal_basis && { legalBasis: legal_basis }),
  };
}
