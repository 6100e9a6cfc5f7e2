import { type ExpressUserrefOptions, requireConsent, requireUser, userref } from '@userref/sdk-express';

// Copy from here. These lines are the whole login: sign-in, sign-out, sessions, and their end by webhook.
export interface LoginOptions extends ExpressUserrefOptions {
  /** Called when access ended (one session, or all of the person's): close what is still open for them. */
  onEnded(ended: { userRef: string; sid: string | null }): void;
}

export function login({ onEnded, ...options }: LoginOptions) {
  return userref({ ...options, onRevoked: onEnded });
}

export const delivery = { purpose: 'order_delivery', optional: ['contact:email'] };
export const askForDelivery = requireConsent(['address:shipping'], delivery);
export { requireUser };
