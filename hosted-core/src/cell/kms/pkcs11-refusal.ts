import { KeyServiceError, type KeyServiceFault } from './key-service-error.ts';
import type { Pkcs11Refusal } from './pkcs11-protocol.ts';

/** Return values of PKCS#11 v2.40 §5.1 that mean more than "failed". */
const FAULTS: Readonly<Record<string, KeyServiceFault>> = {
  CKR_ENCRYPTED_DATA_INVALID: 'damaged',
  CKR_ENCRYPTED_DATA_LEN_RANGE: 'damaged',
  CKR_AEAD_DECRYPT_FAILED: 'damaged',
  CKR_KEY_FUNCTION_NOT_PERMITTED: 'denied',
  CKR_KEY_TYPE_INCONSISTENT: 'denied',
  CKR_MECHANISM_INVALID: 'denied',
  CKR_MECHANISM_PARAM_INVALID: 'denied',
  CKR_PIN_INCORRECT: 'denied',
  CKR_PIN_LOCKED: 'denied',
  CKR_PIN_EXPIRED: 'denied',
  CKR_PIN_LEN_RANGE: 'denied',
  CKR_USER_PIN_NOT_INITIALIZED: 'denied',
};

/** After these the sessions, the login or the handles may be gone. */
const STILL_SOUND = new Set<KeyServiceFault>(['damaged', 'denied']);

/** What an error of the module means. Only the name of the return value is kept of it. */
export function refusalFrom(error: unknown): Pkcs11Refusal {
  if (error instanceof KeyServiceError)
    return { fault: error.fault, detail: error.reason, lost: error.fault !== 'damaged', pinRefused: false };
  const [name] = /CKR_[A-Z0-9_]+/.exec(error instanceof Error ? error.message : '') ?? ['no return value'];
  const fault = FAULTS[name] ?? 'unavailable';
  return {
    fault,
    detail: `the module answered ${name}`,
    lost: !STILL_SOUND.has(fault),
    pinRefused: name.startsWith('CKR_PIN_'),
  };
}
