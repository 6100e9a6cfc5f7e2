import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserrefError } from '../errors/userref-error.ts';

const FORMAT_V1 = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER = 'userref-core-secret-v1:';

/**
 * Seals the core's own secrets (signing keys, webhook secrets) before they go into the database, and
 * derives the keys of its cookies. Personal data has a vault of its own, with keys of its own.
 */
export class SecretBox {
  readonly #master: Buffer;

  constructor(master: Buffer) {
    if (master.length !== 32) throw new Error('A core secret has 32 bytes.');
    this.#master = master;
  }

  /** @throws Error that says what is wrong with the file and how to mend it. */
  static fromKeyFile(path: string): SecretBox {
    const { mode, uid } = statSync(path);
    if ((mode & 0o077) !== 0) throw new Error(`${path} can be read by others. Run: chmod 600 ${path}`);
    if (process.getuid && uid !== process.getuid()) throw new Error(`${path} belongs to another user.`);
    const text = readFileSync(path, 'utf8').trim();
    if (!/^userref-core-secret-v1:[A-Za-z0-9_-]{43}$/.test(text)) {
      throw new Error(`${path} is no core secret file, or it was cut short. Restore it from your backup.`);
    }
    return new SecretBox(Buffer.from(text.slice(HEADER.length), 'base64url'));
  }

  /** Makes the file when it is missing; complete and private before it has its name. */
  static createKeyFile(path: string): void {
    if (existsSync(path)) return;
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.new`;
    writeFileSync(temporary, `${HEADER}${randomBytes(32).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  }

  /** @param purpose what the secret is and whose, such as `webhook-secret/default/shop-a`; needed again to open */
  seal(purpose: string, secret: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.deriveKey('seal'), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(purpose, 'utf8'));
    return Buffer.concat([
      Buffer.of(FORMAT_V1),
      nonce,
      cipher.update(secret),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  /** @throws UserrefError `integrity_error` when it was sealed for something else, or altered */
  open(purpose: string, sealed: Buffer): Buffer {
    try {
      if (sealed[0] !== FORMAT_V1 || sealed.length < 1 + NONCE_BYTES + TAG_BYTES)
        throw new Error('unknown format');
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', this.deriveKey('seal'), nonce, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(purpose, 'utf8'));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new UserrefError('integrity_error', {
        cause,
        logDetail: `sealed secret did not open: ${purpose}`,
      });
    }
  }

  /** 32 bytes that depend on the core secret and the label only (RFC 5869). */
  deriveKey(label: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#master, Buffer.alloc(0), `userref/core/${label}`, 32));
  }
}
