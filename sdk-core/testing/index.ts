/**
 * For the tests of a site: a core that is no server, passports and events of its own, a session without a
 * login. Start with `new FakeCore()`. Never for production: whoever signs in is let in.
 *
 * @module @userref/sdk-core/testing
 */

export type { Bends, EndpointName, FakeCall } from './fake/fake-call.ts';
export type { FakeCoreOptions, MswHttp } from './fake/fake-core-options.ts';
export type { FakePerson, PassportStatus } from './fake/fake-person.ts';
export { ACCESS_TOKEN, SID, USER_REF } from './fake/fake-person.ts';
export { oauthError, problem } from './fake/json-response.ts';
export { FakeCore } from './fake-core.ts';
export type { CookieTaker } from './playwright.ts';
export { signInBrowser } from './playwright.ts';
export type { ServedFakeCore, ServeOptions } from './serve-fake-core.ts';
export { serveFakeCore } from './serve-fake-core.ts';
export type { TestCookie, TestSession } from './session-cookie.ts';
export { sessionCookie } from './session-cookie.ts';
export type { StoreRule, StoreUnderTest } from './session-store-contract.ts';
export { sessionStoreContract } from './session-store-contract.ts';
export type { TestSigner } from './test-keys.ts';
export type { TestEvent, TestWebhook } from './test-webhook.ts';
export { testWebhook } from './test-webhook.ts';
