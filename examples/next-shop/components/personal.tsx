'use client';
import type { ReactNode } from 'react';
import { useSessionEnd } from '../lib/session-end.ts';

/** What belongs to the visitor, while they are signed in. */
export function Personal({ children }: { children: ReactNode }) {
  return useSessionEnd() === null ? children : null;
}
