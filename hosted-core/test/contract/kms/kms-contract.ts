import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KeyDriver } from '../../../src/cell/kms/key-driver.ts';
import { type KeyService, keyServiceOf } from '../../../src/cell/kms/key-service.ts';
import type { KeyContext, WrappedKey } from '../../../src/cell/kms/key-wrapper.ts';
import { UserrefError } from '../../../src/errors/userref-error.ts';
import { recordedTiming } from '../../support/kms-timing.ts';

/** How a kind of key service is made to fail. What it cannot do at all says why in `cannot`. */
export interface Faults {
  /** The next `times` calls are refused as too many. */
  throttle?(times: number): void;
  hang?(): void;
  outage?(): void;
  disableKey?(): void;
  /** Unwrapping gives back another key than was wrapped. */
  corruptPlainKey?(): void;
  heal(): void;
}

export interface Harness {
  /** As the configuration would open it, commitment included; anew at every call, as another process would. */
  openDriver(): Promise<KeyDriver>;
  /** The same service with another root key. */
  openOtherDriver(): Promise<KeyDriver>;
  /** The driver without the commitment in front: what the service itself binds. */
  openBareDriver(): Promise<KeyDriver>;
  readonly faults: Faults;
  /** Calls that reached the service; `undefined` when nobody counts. */
  calls?(): number;
  /** Hung calls that were let go of; `undefined` when nobody counts. */
  abandoned?(): number;
  /** What a stub did not accept. */
  problems(): readonly string[];
  /** Texts that must stand in no error. */
  secrets?(): readonly string[];
  close(): Promise<void> | void;
}

export interface ContractOptions {
  readonly setUp: () => Promise<Harness>;
  /** Reason to skip the whole suite, printed already. */
  readonly skip?: string | undefined;
  /** Faults that this kind of service cannot have, each with the reason. */
  readonly cannot?: Partial<Record<Exclude<keyof Faults, 'heal'>, string>>;
}

/** Where it is not about time: a busy machine is late with everything. */
const PATIENT = { timeoutMs: 20_000 };
const context: KeyContext = { tenant: 'acme', region: 'eu', class: 'contact', version: 3 };
const otherContexts: Partial<KeyContext>[] = [
  { tenant: 'acme2' },
  { region: 'us' },
  { class: 'identity' },
  { version: 4 },
  { tenant: 'acm', region: 'eeu' },
];

/** What every driver promises, whatever stands behind it. */
export function describeKeyDriver(name: string, { setUp, skip, cannot = {} }: ContractOptions): void {
  if (skip !== undefined) {
    describe.skip(`key service: ${name}`, () => it(`is not tested here: ${skip}`, () => {}));
    return;
  }
  const unlessImpossible = (fault: keyof typeof cannot, title: string, test: () => Promise<void>) => {
    const reason = cannot[fault];
    if (reason === undefined) it(title, test);
    else it.skip(`${title} (not here: ${reason})`, test);
  };
  describe(`key service: ${name}`, () => {
    let harness: Harness;
    let service: KeyService;
    let timing: ReturnType<typeof recordedTiming>;
    let opened: KeyDriver[] = [];

    async function open(make: () => Promise<KeyDriver>): Promise<KeyDriver> {
      const driver = await make();
      opened.push(driver);
      return driver;
    }
    async function serve(
      make: () => Promise<KeyDriver> = () => harness.openDriver(),
      limits: { timeoutMs?: number } = PATIENT,
    ): Promise<KeyService> {
      timing = recordedTiming();
      const made = keyServiceOf(await open(make), { region: 'eu', timing, ...limits });
      await warm(made);
      return made;
    }
    async function refused(work: Promise<unknown>): Promise<UserrefError> {
      const error = await work.then(
        () => expect.fail('it gave something back'),
        (thrown: unknown) => thrown as UserrefError,
      );
      expect(error).toBeInstanceOf(UserrefError);
      for (const secret of harness.secrets?.() ?? [])
        expect(`${error.message} ${error.logDetail} ${error.stack}`).not.toContain(secret);
      return error;
    }
    const unavailable = async (work: Promise<unknown>) =>
      expect(await refused(work)).toMatchObject({ code: 'service_unavailable', status: 503 });
    const damaged = async (work: Promise<unknown>) =>
      expect(await refused(work)).toMatchObject({
        code: 'integrity_error',
        message: 'integrity_error: Stored data failed its integrity check',
      });

    beforeAll(async () => {
      harness = await setUp();
      service = await serve();
    });
    afterEach(async () => {
      harness.faults.heal();
      expect(harness.problems()).toEqual([]);
      for (const driver of opened.splice(1)) await driver.close?.();
    });
    afterAll(async () => {
      for (const driver of opened) await driver.close?.();
      opened = [];
      await harness.close();
    });

    it('gives back what it wrapped, and names its root key', async () => {
      const plain = randomBytes(32);
      const wrapped = await service.wrap(plain, context);
      expect(wrapped.rootKeyId).toBe(service.rootKeyId);
      expect(await service.unwrap(wrapped, context)).toEqual(plain);
    });

    it('opens in another process what one process wrapped', async () => {
      const plain = randomBytes(32);
      const wrapped = await service.wrap(plain, context);
      expect(await (await serve()).unwrap(wrapped, context)).toEqual(plain);
    });

    it('leaves the key to be wrapped as it is, shows nothing of it, and never makes the same blob twice', async () => {
      const plain = randomBytes(32);
      const copy = Buffer.from(plain);
      const [first, second] = [await service.wrap(plain, context), await service.wrap(plain, context)];
      expect(plain).toEqual(copy);
      expect(first.blob).not.toEqual(second.blob);
      for (const form of [plain, Buffer.from(plain.toString('base64')), Buffer.from(plain.toString('hex'))])
        expect(first.blob.includes(form)).toBe(false);
    });

    it('wraps and unwraps many keys at once without mixing them up', async () => {
      const plain = Array.from({ length: 40 }, () => randomBytes(32));
      const wrapped = await Promise.all(
        plain.map((one, index) => service.wrap(one, { ...context, version: index + 1 })),
      );
      const back = await Promise.all(
        wrapped.map((one, index) => service.unwrap(one, { ...context, version: index + 1 })),
      );
      expect(back).toEqual(plain);
    });

    it.each(otherContexts)('does not open under the other context %o', async (difference) => {
      const wrapped = await service.wrap(randomBytes(32), context);
      await damaged(service.unwrap(wrapped, { ...context, ...difference }));
    });

    it.each(otherContexts)('binds the context in the service itself: %o', async (difference) => {
      const bare = await serve(() => harness.openBareDriver());
      const wrapped = await bare.wrap(randomBytes(32), context);
      await damaged(bare.unwrap(wrapped, { ...context, ...difference }));
    });

    it('does not open what another root key wrapped, even if it is passed off as its own', async () => {
      const wrapped = await (await serve(() => harness.openOtherDriver())).wrap(randomBytes(32), context);
      await damaged(service.unwrap(wrapped, context));
      await damaged(service.unwrap({ ...wrapped, rootKeyId: service.rootKeyId }, context));
    });

    it('does not use a root key that the blob names in place of the configured one', async () => {
      const other = await serve(() => harness.openOtherDriver());
      const wrapped = await service.wrap(randomBytes(32), context);
      await damaged(service.unwrap({ ...wrapped, rootKeyId: other.rootKeyId }, context));
    });

    it('refuses a blob that is cut at any length, or too long', async () => {
      const { rootKeyId, blob } = await service.wrap(randomBytes(32), context);
      for (let length = 0; length < blob.length; length += 1)
        await damaged(service.unwrap({ rootKeyId, blob: blob.subarray(0, length) }, context));
      await damaged(service.unwrap({ rootKeyId, blob: Buffer.concat([blob, Buffer.of(0)]) }, context));
    });

    it('refuses a blob with any single bit flipped', async () => {
      const { rootKeyId, blob } = await service.wrap(randomBytes(32), context);
      for (let bit = 0; bit < blob.length * 8; bit += 1) {
        const flipped = Buffer.from(blob);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        await damaged(service.unwrap({ rootKeyId, blob: flipped }, context));
      }
    });

    it('checks itself with a random key', async () => {
      const report = await service.check();
      expect(report.rootKeyId).toBe(service.rootKeyId);
      await service.ready();
    });

    unlessImpossible('throttle', 'gets through when it is throttled twice', async () => {
      const patient = await serve();
      const plain = randomBytes(32);
      const before = harness.calls?.();
      harness.faults.throttle?.(2);
      const wrapped = await patient.wrap(plain, context);
      if (before !== undefined) expect((harness.calls?.() ?? 0) - before).toBe(3);
      harness.faults.throttle?.(2);
      expect(await patient.unwrap(wrapped, context)).toEqual(plain);
    });

    unlessImpossible('throttle', 'gives up when it is throttled for ever', async () => {
      const patient = await serve();
      harness.faults.throttle?.(1_000);
      await unavailable(patient.wrap(randomBytes(32), context));
    });

    unlessImpossible('hang', 'gives up after two seconds when the service hangs, and recovers', async () => {
      const service = await serve(undefined, {});
      const wrapped = await service.wrap(randomBytes(32), context);
      harness.faults.hang?.();
      await Promise.all([
        unavailable(service.unwrap(wrapped, context)),
        unavailable(service.wrap(randomBytes(32), context)),
      ]);
      expect(timing.delays).toContain(2_000);
      await expect.poll(() => harness.abandoned?.() ?? 2).toBe(2);
      harness.faults.heal();
      await eventually(() => service.unwrap(wrapped, context));
    });

    unlessImpossible('outage', 'is unavailable while the service is away, and recovers', async () => {
      const patient = await serve();
      const wrapped = await patient.wrap(randomBytes(32), context);
      harness.faults.outage?.();
      const error = await refused(patient.unwrap(wrapped, context));
      expect(error).toMatchObject({ code: 'service_unavailable', retryAfterSeconds: expect.any(Number) });
      await unavailable(patient.wrap(randomBytes(32), context));
      await unavailable(patient.ready());
      harness.faults.heal();
      await eventually(() => patient.unwrap(wrapped, context));
    });

    unlessImpossible('disableKey', 'asks once, and no more, when the key is disabled', async () => {
      const patient = await serve();
      const before = harness.calls?.();
      harness.faults.disableKey?.();
      const error = await refused(patient.wrap(randomBytes(32), context));
      expect(error).toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 60 });
      if (before !== undefined) expect((harness.calls?.() ?? 0) - before).toBe(1);
      harness.faults.heal();
      await patient.wrap(randomBytes(32), context);
    });

    unlessImpossible(
      'corruptPlainKey',
      'gives nothing back when the service returns another key',
      async () => {
        const wrapped: WrappedKey = await service.wrap(randomBytes(32), context);
        harness.faults.corruptPlainKey?.();
        await damaged(service.unwrap(wrapped, context));
        await damaged(service.check());
      },
    );
  });
}

/** What a first call needs besides the service, an access token or a process, is not what is tested here. */
function warm(service: KeyService): Promise<void> {
  return eventually(() => service.wrap(randomBytes(32), context));
}

/** A worker may need a moment to start again. */
async function eventually(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === 200) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
