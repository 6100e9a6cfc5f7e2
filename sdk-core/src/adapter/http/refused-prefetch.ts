import { type Answer, emptyAnswer } from '../answer.ts';

/** 503, which browsers throw away to ask again when the link is followed. */
export const refusedPrefetch: Answer = emptyAnswer(503, { 'Retry-After': '0' });
