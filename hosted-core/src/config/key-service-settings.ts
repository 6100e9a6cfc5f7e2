import { z } from 'zod';
import { KEY_SERVICE_FORMS, type KeyServiceAddress, parseKeyServiceAddress } from './key-service-address.ts';

const address = z.string().transform((value, context) => {
  try {
    return parseKeyServiceAddress(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});
const file = z.string().min(1).optional();
const endpoint = z
  .url({ protocol: /^https?$/ })
  .transform((value) => value.replace(/\/$/, ''))
  .optional();

/** The settings of the vault's root keys, a part of the schema in settings.ts. */
export const keyServiceSettingsShape = {
  USERREF_KMS: address.describe(
    `Root key of the vault, without which no personal data can be opened: ${KEY_SERVICE_FORMS.map((one) => `\`${one.replaceAll('|', '\\|')}\``).join(', ')}. See docs/guides/key-services.md.`,
  ),
  USERREF_KMS_CREDENTIALS_FILE: file.describe(
    'File with what the key service wants to see: the PIN (PKCS#11), the token (Vault, OpenBao), the key file of a service account (GCP; without it the metadata server is asked). AWS has its own places for credentials.',
  ),
  USERREF_KMS_ENDPOINT: endpoint.describe(
    'Other address of the AWS or GCP service, such as a private endpoint. Default: the public one of the region.',
  ),
  USERREF_KMS_ALSO: address
    .optional()
    .describe(
      'A second root key, of the same forms, which opens and wraps nothing: while keys move from one root key to another. See docs/guides/key-rotation.md.',
    ),
  USERREF_KMS_ALSO_CREDENTIALS_FILE: file.describe('As `USERREF_KMS_CREDENTIALS_FILE`, for the second one.'),
  USERREF_KMS_ALSO_ENDPOINT: endpoint.describe('As `USERREF_KMS_ENDPOINT`, for the second one.'),
};

/** What the house sees of one root key. */
export interface RootKeySettings {
  readonly address: KeyServiceAddress;
  /** PIN, token or service account, as the kind of service wants. */
  readonly credentialsFile?: string;
  /** In place of the public address of AWS or GCP. */
  readonly endpoint?: string;
}

/** The root key that wraps and opens, and the one that opens too. */
export interface KeyServiceSettings extends RootKeySettings {
  readonly also?: RootKeySettings;
}

type RawKeyServiceSettings = z.output<z.ZodObject<typeof keyServiceSettingsShape>>;

export function nameKeyServiceSettings(raw: RawKeyServiceSettings): KeyServiceSettings {
  const { USERREF_KMS_ALSO: also } = raw;
  return {
    ...rootKey(raw.USERREF_KMS, raw.USERREF_KMS_CREDENTIALS_FILE, raw.USERREF_KMS_ENDPOINT),
    ...(also && {
      also: rootKey(also, raw.USERREF_KMS_ALSO_CREDENTIALS_FILE, raw.USERREF_KMS_ALSO_ENDPOINT),
    }),
  };
}

function rootKey(
  where: KeyServiceAddress,
  credentialsFile: string | undefined,
  other: string | undefined,
): RootKeySettings {
  return {
    address: where,
    ...(credentialsFile && { credentialsFile }),
    ...(other && { endpoint: other }),
  };
}
