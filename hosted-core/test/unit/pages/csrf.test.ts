import { describe, expect, it } from 'vitest';
import { CsrfTokens, refuseForeignPost } from '../../../src/cell/pages/csrf.ts';

const OWN = 'https://cell.test';
const post =
  (headers: Record<string, string>, method = 'POST') =>
  () =>
    refuseForeignPost({ method, headers } as never, OWN);

describe('A post', () => {
  it.each([
    ['from our own origin', { origin: OWN, 'sec-fetch-site': 'same-origin' }],
    ['from our own page without a referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['from an old browser', { origin: OWN }],
    ['from a client that is no browser', {}],
  ])('%s is let through to the check of its token', (_who, headers) => {
    expect(post(headers)).not.toThrow();
  });

  it.each([
    ['from another origin', { origin: 'https://evil.test' }],
    ['from our host on another port', { origin: 'https://cell.test:8443' }],
    ['from our host without encryption', { origin: 'http://cell.test' }],
    ['from nowhere', { origin: 'null' }],
    ['from a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['from a sister domain', { origin: OWN, 'sec-fetch-site': 'same-site' }],
    ['typed by hand', { 'sec-fetch-site': 'none' }],
  ])('%s is refused', (_who, headers) => {
    expect(post(headers)).toThrow(expect.objectContaining({ code: 'csrf_rejected' }));
    expect(post(headers, 'GET')).not.toThrow();
  });
});

describe('A token', () => {
  const tokens = new CsrfTokens(Buffer.alloc(32, 1));

  it('is good for its own session and under its own key', () => {
    expect(() => tokens.check('session-a', tokens.tokenFor('session-a'))).not.toThrow();
    for (const wrong of [
      tokens.tokenFor('session-b'),
      new CsrfTokens(Buffer.alloc(32, 2)).tokenFor('session-a'),
      '',
      undefined,
      ['x'],
    ]) {
      expect(() => tokens.check('session-a', wrong)).toThrow(
        expect.objectContaining({ code: 'csrf_rejected' }),
      );
    }
  });
});
