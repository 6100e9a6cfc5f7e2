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
};

/** What the house sees of them. */
export interface ErasureSettings {
  readonly ledgerFolder: string | undefined;
  readonly keyBackupDays: number;
}

type RawErasureSettings = z.output<z.ZodObject<typeof erasureSettingsShape>>;

export function nameErasureSettings(raw: RawErasureSettings): ErasureSettings {
  return { ledgerFolder: raw.USERREF_TOMBSTONE_LEDGER, keyBackupDays: raw.USERREF_KEY_BACKUP_DAYS };
}
