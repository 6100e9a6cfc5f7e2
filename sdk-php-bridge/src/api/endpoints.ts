import { fetchAttributes, sealAttributes, unseal } from './attributes.ts';
import type { Endpoint } from './endpoint.ts';
import { confirmPurge, revocations, verifyWebhook } from './events.ts';
import { completeLogin, startLogin } from './login.ts';
import { health, jwks } from './service.ts';
import { logout, refreshSession } from './session.ts';

/** Every call of the API. Each checks its body and query by the schema before it sees them. */
export const ENDPOINTS: readonly Endpoint[] = [
  health,
  jwks,
  startLogin,
  completeLogin,
  refreshSession,
  fetchAttributes,
  sealAttributes,
  unseal,
  verifyWebhook,
  confirmPurge,
  logout,
  revocations,
] as readonly Endpoint[];
