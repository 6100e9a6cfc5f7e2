import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyServiceSettings } from '../../config/key-service-settings.ts';
import { KEY_BYTES } from './key-blob.ts';
import type { KeyDriver } from './key-driver.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { KeyContext } from './key-wrapper.ts';
import { openDriver } from './open-driver.ts';
import { type ResilienceOptions, type ResilientKeyWrapper, resilientDriver } from './resilient-driver.ts';
import { systemTiming } from './timing.ts';

export interface KeyServiceOptions extends ResilienceOptions {
  /** Region of the cell, for the check's context. */
  readonly region: string;
}

/** What `check` found. Times are milliseconds of one call. */
export interface KeyServiceReport {
  readonly rootKeyId: string;
  readonly wrapMs: number;
  readonly unwrapMs: number;
}

/** A key management service, ready to depend on. */
export interface KeyService extends ResilientKeyWrapper {
  /** The root key that wraps. */
  readonly rootKeyId: string;
  /** Root keys that open. */
  readonly rootKeyIds: readonly string[];
  /**
   * Wraps and unwraps a random key, and makes sure that it does not open under another context. Throws
   * `service_unavailable` or `integrity_error`.
   */
  check(): Promise<KeyServiceReport>;
  /** As {@link check}, for a probe that comes often: the last result is good for some seconds. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** How long a result of `ready` is believed: a good one spares the service, a bad one must not last. */
const GOOD_MS = 30_000;
const BAD_MS = 2_000;

/**
 * Connects to the service that the configuration names, and to the one that opens too, if there is one. Throws
 * `KeyFileError` and `KeyServiceError`.
 */
export async function openKeyService(
  settings: KeyServiceSettings,
  options: KeyServiceOptions,
): Promise<KeyService> {
  const first = keyServiceOf(await openDriver(settings), options);
  if (!settings.also) return first;
  return withSecondRoot(first, keyServiceOf(await openDriver(settings.also), options));
}

/** Wraps by the first alone. Opens by the one that a wrapped key names, and by no third. */
export function withSecondRoot(first: KeyService, second: KeyService): KeyService {
  if (first.rootKeyId === second.rootKeyId)
    throw new KeyServiceError('denied', 'USERREF_KMS and USERREF_KMS_ALSO name the same root key');
  return {
    ...first,
    rootKeyIds: [first.rootKeyId, second.rootKeyId],
    unwrap: (wrapped, context) =>
      (wrapped.rootKeyId === second.rootKeyId ? second : first).unwrap(wrapped, context),
    async close() {
      await Promise.all([first.close(), second.close()]);
    },
  };
}

export function keyServiceOf(driver: KeyDriver, options: KeyServiceOptions): KeyService {
  const { timing = systemTiming, region } = options;
  const wrapper = resilientDriver(driver, options);
  const check = async () => {
    const context = checkContext(region);
    const plainKey = randomBytes(KEY_BYTES);
    const start = timing.now();
    const wrapped = await wrapper.wrap(plainKey, context);
    const middle = timing.now();
    const opened = await wrapper.unwrap(wrapped, context);
    const end = timing.now();
    if (opened.length !== KEY_BYTES || !timingSafeEqual(opened, plainKey))
      throw new KeyServiceError('damaged', 'another key came back than was wrapped');
    await refuseForeignContext(wrapper, wrapped, context);
    return { rootKeyId: driver.rootKeyId, wrapMs: middle - start, unwrapMs: end - middle };
  };
  return {
    ...wrapper,
    rootKeyId: driver.rootKeyId,
    rootKeyIds: [driver.rootKeyId],
    check,
    ready: remembered(check, timing.now),
    close: async () => driver.close?.(),
  };
}

/** No tenant is called `-`, so this context is nobody's. */
function checkContext(region: string): KeyContext {
  return { tenant: '-', region, class: 'check', version: 1 };
}

async function refuseForeignContext(
  wrapper: ResilientKeyWrapper,
  wrapped: Awaited<ReturnType<ResilientKeyWrapper['wrap']>>,
  context: KeyContext,
): Promise<void> {
  const opened = await wrapper
    .unwrap(wrapped, { ...context, version: context.version + 1 })
    .catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== 'integrity_error') throw error;
    });
  if (opened) throw new KeyServiceError('damaged', 'a wrapped key opens under another context');
}

function remembered(check: () => Promise<unknown>, now: () => number): () => Promise<void> {
  let last: { result: Promise<void>; until: number } | undefined;
  return () => {
    if (last && last.until > now()) return last.result;
    const mine = { result: check().then(() => {}), until: Number.POSITIVE_INFINITY };
    last = mine;
    mine.result.then(
      () => {
        mine.until = now() + GOOD_MS;
      },
      () => {
        mine.until = now() + BAD_MS;
      },
    );
    return mine.result;
  };
}
