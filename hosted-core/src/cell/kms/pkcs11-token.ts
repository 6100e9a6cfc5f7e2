import { randomBytes } from 'node:crypto';
import type * as Pkcs11Js from 'pkcs11js';
import { KEY_BYTES } from './key-blob.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { Pkcs11Place } from './pkcs11-protocol.ts';

type Library = typeof Pkcs11Js;
type Handle = Buffer;

/** Format of the blob: byte 1, nonce, ciphertext with tag (AES-256-GCM, NIST SP 800-38D). */
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BLOB_BYTES = 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES;
const SESSIONS = 4;
const VAGUE = /CKR_(GENERAL_ERROR|FUNCTION_FAILED)/;

/**
 * A token that is logged in to, with a few sessions, and the one key in it that we use. Lives in a process of
 * its own (`pkcs11-worker.ts`), where nothing else waits for it.
 */
export class Pkcs11Token {
  readonly #library: Library;
  readonly #module: Pkcs11Js.PKCS11;
  readonly #place: Pkcs11Place;
  readonly #free: Handle[] = [];
  readonly #line: ((session: Handle) => void)[] = [];
  #key: Handle | undefined;

  /** Loads the module, finds the token by its label and logs in. Throws errors of the module. */
  constructor(library: Library, place: Pkcs11Place, pin: string) {
    this.#library = library;
    this.#place = place;
    this.#module = new library.PKCS11();
    this.#load();
    this.#module.C_Initialize({ flags: library.CKF_OS_LOCKING_OK });
    const slot = this.#findSlot();
    const flags = library.CKF_SERIAL_SESSION | library.CKF_RW_SESSION;
    for (let count = 0; count < SESSIONS; count += 1)
      this.#free.push(this.#module.C_OpenSession(slot, flags));
    // One login is good for all sessions of a process (PKCS#11 v2.40 §5.6).
    this.#module.C_Login(this.#session(), library.CKU_USER, pin);
  }

  /** Finds the key and refuses one that could leave the token. */
  openKey(): void {
    const [key, ...others] = this.#findKeys();
    const { object, token } = this.#place;
    if (!key) throw new KeyServiceError('denied', `token ${token} holds no key ${object}`);
    if (others.length > 0) throw new KeyServiceError('denied', `token ${token} holds several keys ${object}`);
    const problem = this.#problemOf(key);
    if (problem) throw new KeyServiceError('denied', `key ${object} ${problem}`);
    this.#key = key;
  }

  /** Generates the key in the token, never to leave it; keeps one that is there. */
  createKey(): void {
    if (this.#findKeys().length > 0) return;
    const pkcs11 = this.#library;
    this.#module.C_GenerateKey(this.#session(), { mechanism: pkcs11.CKM_AES_KEY_GEN }, [
      ...this.#keyTemplate(),
      { type: pkcs11.CKA_TOKEN, value: true },
      { type: pkcs11.CKA_PRIVATE, value: true },
      { type: pkcs11.CKA_SENSITIVE, value: true },
      { type: pkcs11.CKA_EXTRACTABLE, value: false },
      { type: pkcs11.CKA_ENCRYPT, value: true },
      { type: pkcs11.CKA_DECRYPT, value: true },
      { type: pkcs11.CKA_WRAP, value: false },
      { type: pkcs11.CKA_UNWRAP, value: false },
      { type: pkcs11.CKA_VALUE_LEN, value: KEY_BYTES },
    ]);
  }

  async wrap(plainKey: Buffer, associatedData: Buffer): Promise<Buffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const sealed = await this.#withSession((session, key) => {
      this.#module.C_EncryptInit(session, this.#gcm(nonce, associatedData), key);
      return this.#module.C_EncryptAsync(session, plainKey, Buffer.alloc(KEY_BYTES + TAG_BYTES));
    });
    return Buffer.concat([Buffer.of(FORMAT), nonce, sealed]);
  }

  async unwrap(blob: Buffer, associatedData: Buffer): Promise<Buffer> {
    if (blob.length !== BLOB_BYTES || blob[0] !== FORMAT)
      throw new KeyServiceError('damaged', 'wrapped key has an unknown form');
    try {
      return await this.#decrypt(blob, associatedData);
    } catch (error) {
      // Several modules, SoftHSM among them, name a wrong tag as they name any defect of their own.
      if (!VAGUE.test((error as Error).message) || !(await this.#works())) throw error;
      throw new KeyServiceError('damaged', 'the blob does not open under this key and context');
    }
  }

  #decrypt(blob: Buffer, associatedData: Buffer): Promise<Buffer> {
    const nonce = blob.subarray(1, 1 + NONCE_BYTES);
    return this.#withSession((session, key) => {
      this.#module.C_DecryptInit(session, this.#gcm(nonce, associatedData), key);
      // Modules may want room for the tag as well, though it is not given out.
      const room = Buffer.alloc(KEY_BYTES + TAG_BYTES);
      return this.#module.C_DecryptAsync(session, blob.subarray(1 + NONCE_BYTES), room);
    });
  }

  /** Whether the key opens what it has just wrapped. */
  async #works(): Promise<boolean> {
    const [probe, associatedData] = [randomBytes(KEY_BYTES), randomBytes(KEY_BYTES)];
    try {
      return (await this.#decrypt(await this.wrap(probe, associatedData), associatedData)).equals(probe);
    } catch {
      return false;
    }
  }

  async #withSession<T>(work: (session: Handle, key: Handle) => Promise<T>): Promise<T> {
    const key = this.#key;
    if (!key) throw new KeyServiceError('unavailable', 'the token is not open');
    const session = this.#free.pop() ?? (await new Promise<Handle>((resolve) => this.#line.push(resolve)));
    try {
      return await work(session, key);
    } finally {
      const next = this.#line.shift();
      if (next) next(session);
      else this.#free.push(session);
    }
  }

  #load(): void {
    try {
      this.#module.load(this.#place.modulePath);
    } catch {
      throw new KeyServiceError('denied', `module ${this.#place.modulePath} cannot be loaded`);
    }
  }

  #session(): Handle {
    return this.#free[0] as Handle;
  }

  #findSlot(): Handle {
    const slots = this.#module
      .C_GetSlotList(true)
      .filter((slot) => this.#module.C_GetTokenInfo(slot).label.trimEnd() === this.#place.token);
    const [slot, ...others] = slots;
    if (!slot) throw new KeyServiceError('unavailable', `no token ${this.#place.token} is present`);
    if (others.length > 0)
      throw new KeyServiceError('denied', `several tokens are called ${this.#place.token}`);
    return slot;
  }

  #findKeys(): Handle[] {
    const session = this.#session();
    this.#module.C_FindObjectsInit(session, this.#keyTemplate());
    try {
      return this.#module.C_FindObjects(session, 2);
    } finally {
      this.#module.C_FindObjectsFinal(session);
    }
  }

  #keyTemplate(): Pkcs11Js.Template {
    const pkcs11 = this.#library;
    return [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_SECRET_KEY },
      { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_AES },
      { type: pkcs11.CKA_LABEL, value: this.#place.object },
    ];
  }

  #problemOf(key: Handle): string | undefined {
    const pkcs11 = this.#library;
    const flag = (type: number) => this.#attribute(key, type)[0] === 1;
    if (flag(pkcs11.CKA_EXTRACTABLE) || !flag(pkcs11.CKA_SENSITIVE))
      return 'could leave the token: make one that is sensitive and not extractable';
    if (this.#attribute(key, pkcs11.CKA_VALUE_LEN)[0] !== KEY_BYTES) return 'is not of 256 bits';
    return undefined;
  }

  /** Numbers come in the machine's byte order; ours are small and it is little-endian wherever we run. */
  #attribute(key: Handle, type: number): Buffer {
    const [found] = this.#module.C_GetAttributeValue(this.#session(), key, [{ type }]);
    return found?.value as Buffer;
  }

  #gcm(nonce: Buffer, associatedData: Buffer): Pkcs11Js.Mechanism {
    const parameter: Pkcs11Js.AesGCM = {
      type: this.#library.CK_PARAMS_AES_GCM,
      iv: nonce,
      ivBits: NONCE_BYTES * 8,
      aad: associatedData,
      tagBits: TAG_BYTES * 8,
    };
    return { mechanism: this.#library.CKM_AES_GCM, parameter };
  }
}
