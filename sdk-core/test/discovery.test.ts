import { HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { codeOf, useTestSite } from './support/site.ts';

const { core, create } = useTestSite();

describe('discovery', () => {
  it('happens once, however many logins start at the same time', async () => {
    const userref = create();
    expect(core.callsTo('discovery')).toHaveLength(0);
    await Promise.all(Array.from({ length: 20 }, () => userref.startLogin()));
    await userref.startLogin();
    expect(core.callsTo('discovery')).toHaveLength(1);
  });

  it('is tried again after a failure', async () => {
    const userref = create();
    core.bends.replies.discovery = () => HttpResponse.error();
    await expect(userref.startLogin()).rejects.toMatchObject({ code: 'discovery_failed', isTransient: true });
    core.bends.replies = {};
    expect((await userref.startLogin()).url).toContain('request_uri');
  });

  it.each([
    ['another issuer', { issuer: 'https://evil.example' }],
    ['almost the same issuer', { issuer: 'https://id.example.eu/' }],
    ['no cell', { protected_resources: undefined }],
    ['a cell without https', { protected_resources: ['http://cell.example.eu'] }],
    ['a token endpoint without https', { token_endpoint: 'http://id.example.eu/token' }],
    ['no key set', { jwks_uri: undefined }],
    ['a key set without https', { jwks_uri: 'http://id.example.eu/jwks' }],
    ['a push endpoint without https', { pushed_authorization_request_endpoint: 'http://id.example.eu/par' }],
    ['a logout endpoint that is no address', { end_session_endpoint: 'javascript:alert(1)' }],
  ])('refuses a document with %s', async (_, discovery) => {
    core.bends.discovery = discovery;
    expect(await codeOf(create().startLogin())).toBe('discovery_failed');
    expect(core.callsTo('par')).toHaveLength(0);
  });

  it.each([
    ['HTML', () => HttpResponse.html('<h1>Hello</h1>')],
    ['an error', () => HttpResponse.json({}, { status: 500 })],
    ['a redirect', () => HttpResponse.redirect('http://169.254.169.254/', 302)],
    ['too much', () => HttpResponse.text('x'.repeat(300_000))],
  ])('refuses %s', async (_, reply) => {
    core.bends.replies.discovery = reply;
    expect(await codeOf(create().startLogin())).toBe('discovery_failed');
    expect(core.calls.map(({ endpoint }) => endpoint)).toEqual(['discovery']);
  });
});
