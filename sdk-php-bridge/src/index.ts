/**
 * The bridge that PHP talks to: a small server on a unix socket, made of `@userref/sdk-core`. Most people start it
 * by `npx @userref/php-bridge`; `startBridge` is for programs that run it themselves.
 *
 * @module @userref/php-bridge
 */

export { openApiDocument } from './openapi/open-api-document.ts';
export type { BridgeOptions } from './server/create-bridge.ts';
export { createBridge } from './server/create-bridge.ts';
export type { RunningBridge } from './server/start-bridge.ts';
export { startBridge } from './server/start-bridge.ts';
export type { BridgeSettings } from './settings/bridge-settings.ts';
export { readBridgeSettings } from './settings/bridge-settings.ts';
export type { ListenAddress } from './settings/listen-address.ts';
export type { SettingSources } from './settings/setting-values.ts';
