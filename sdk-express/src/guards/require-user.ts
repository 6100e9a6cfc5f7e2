import type { RequestHandler } from 'express';
import { guard } from './guard.ts';

/** Lets signed-in visitors pass. A page load goes to sign in and comes back; anything else gets 401 `not_signed_in`. */
export function requireUser(): RequestHandler {
  return guard((visit) => visit.requireUser());
}
