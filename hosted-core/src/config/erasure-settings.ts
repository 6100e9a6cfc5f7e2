import { z } from 'zod';

/** The settings of erasure and restore, a part of the schema in settings.ts. */
export const erasureSettingsShape = {
  USERREF_TOMBSTONE_LEDGER: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder of the tombstone ledgers, on storage that is not restored together with the database. By it the service notices a restored backup and refuses to work until `userref-core restore replay-tombstones` has run. Needed in production; without it nothing is noticed.',
    ),
  USERREF_KEY_BACKUP_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3_650)
    .default(7)
    .describe(
      'Days for which you keep backups that hold the schema `cell_keys`. After that, no backup opens the data of an erased person; receipts name the date.',
    ),
  USERREF_DELETION_GRACE_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(30)
    .default(7)
    .describe(
      'Days in which people who delete their account may change their mind; no site can read in that time. They may also choose to wait for nothing. 0: there is no such time.',
    ),
  USERREF_TELL_SITES_WITHIN_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .describe(
      'What several sites are told about one person, and needs no haste (their erasure, their changed values), reaches each at a random moment within so many seconds: else the time would tell them that they share a person. Reads end at once all the same. Default: 600 in production, else 0.',
    ),
};

/** What the house sees of them. */
export interface ErasureSettings {
  readonly ledgerFolder: string | undefined;
  readonly keyBackupDays: number;
  readonly deletionGraceDays: number;
  readonly tellSitesWithinSeconds: number;
}

type RawErasureSettings = z.output<z.ZodObject<typeof erasureSettingsShape>> & { readonly NODE_ENV: string };

export function nameErasureSettings(raw: RawErasureSettings): ErasureSettings {
  return {
    ledgerFolder: raw.USERREF_TOMBSTONE_LEDGER,
    keyBackupDays: raw.USERREF_KEY_BACKUP_DAYS,
    deletionGraceDays: raw.USERREF_DELETION_GRACE_DAYS,
    tellSitesWithinSeconds:
      raw.USERREF_TELL_SITES_WITHIN_SECONDS ?? (raw.NODE_ENV === 'production' ? 600 : 0),
  };
}
