import { requireConsent, requireUser, type UserrefExpressOptions, userref } from '@userref/sdk-express';

// Copy from here. These lines are the whole login: sign-in, sign-out, sessions, and their end by webhook.
export interface LoginOptions extends UserrefExpressOptions {
  /** Called when the person, or somebody on their behalf, ended access: close what is still open for them. */
  onEnded(ended: { userRef: string; sid?: string }): void;
}

export function login({ onEnded, ...options }: LoginOptions) {
  return userref({ ...options, onRevoked: ({ userRef, sid }) => onEnded({ userRef, ...(sid && { sid }) }) });
}

export const deliveryPurpose = 'order_delivery';
export const askForDelivery = requireConsent(['address:shipping'], {
  purpose: deliveryPurpose,
  optional: ['contact:email'],
});
export { requireUser };
