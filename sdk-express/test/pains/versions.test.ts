import { describe, expect, it } from 'vitest';
import * as entry from '../../src/index.ts';

describe('pain 7: every major version hurts', () => {
  it('what the entry exports is written down, so that a name goes only on purpose', () => {
    expect(Object.keys(entry).sort()).toEqual([
      'ConsentRequiredError',
      'UserrefError',
      'memorySessionStore',
      'requireConsent',
      'requireUser',
      'userref',
      'userrefErrors',
    ]);
  });
});
