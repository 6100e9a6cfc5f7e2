import { afterEach, expect, it, vi } from 'vitest';
import { createUserref } from '../../src/index.ts';
import { jarOf, unitSite } from '../support/unit-site.ts';

const { core, options, request } = unitSite();
const PREVIEW = 'https://pr-123--shop.preview.example';
afterEach(() => vi.unstubAllEnvs());

it('a preview signs in at the address that USERREF_PREVIEW_ORIGIN names', async () => {
  vi.stubEnv('USERREF_PREVIEW_ORIGIN', PREVIEW);
  const { handlers } = createUserref(options);
  const started = await handlers.GET(request('/userref/login?return_to=/account'));
  const back = core.signIn(started.headers.get('location') ?? '');
  expect(back.origin).toBe(PREVIEW);
  const callback = request(back.pathname + back.search, { headers: { cookie: jarOf(started).header } });
  const finished = await handlers.GET(callback);
  expect([finished.status, finished.headers.get('location')]).toEqual([303, '/account']);
  expect(jarOf(finished).header).toContain('__Host-userref=');
});

it('a production build, where the variable is not set or empty, is at its base address', async () => {
  vi.stubEnv('USERREF_PREVIEW_ORIGIN', '');
  const started = await createUserref(options).handlers.GET(request('/userref/login'));
  expect(core.signIn(started.headers.get('location') ?? '').origin).toBe(options.baseUrl);
});
