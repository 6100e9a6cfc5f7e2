import { hkdfSync, randomBytes } from 'node:crypto';
import { corrupted, openInStub, sealInStub } from './stub-cipher.ts';
import { type StubAnswer, type StubFault, type StubRequest, StubServer } from './stub-server.ts';

interface StubKey {
  /** By version, from 1. */
  readonly versions: Buffer[];
  minDecryptionVersion: number;
  readonly derived: boolean;
}

/** STUB of the transit engine (Vault HTTP API v1). Checks token, header, context and the form `vault:vN:`. */
export class VaultTransitStub {
  readonly token = `hvs.${randomBytes(18).toString('base64url')}`;
  readonly server = new StubServer((request, fault) => this.#answer(request, fault));
  readonly #keys = new Map<string, StubKey>();
  namespace: string | undefined;

  /** `derived: false` is the mistake that an operator can make: such a key takes no notice of the context. */
  addKey(name: string, { derived = true }: { derived?: boolean } = {}): void {
    this.#keys.set(name, { versions: [randomBytes(32)], minDecryptionVersion: 1, derived });
  }

  rotate(name: string): void {
    this.#key(name).versions.push(randomBytes(32));
  }

  raiseFloor(name: string, version: number): void {
    this.#key(name).minDecryptionVersion = version;
  }

  #key(name: string): StubKey {
    return this.#keys.get(name) as StubKey;
  }

  #answer(request: StubRequest, fault: StubFault | undefined): StubAnswer {
    const { headers, method } = request;
    const [, verb, name = ''] =
      /^\/v1\/transit\/(encrypt|decrypt|rewrap)\/([\w.-]+)$/.exec(request.path) ?? [];
    if (method !== 'POST' || !verb) this.server.problems.push(`${method} ${request.path}`);
    if (headers['x-vault-request'] !== 'true') this.server.problems.push('x-vault-request is missing');
    if (headers['x-vault-namespace'] !== this.namespace) this.server.problems.push('x-vault-namespace');
    if (headers['x-vault-token'] !== this.token) return refuse(403, 'permission denied');
    if (fault === 'throttle') return refuse(429, 'request path "transit": rate limit quota exceeded');
    const key = this.#keys.get(name);
    if (fault === 'disabled' || !key) return refuse(400, 'encryption key not found');
    const fields = JSON.parse(request.body) as Record<string, string>;
    const context = Buffer.from(fields['context'] ?? '', 'base64');
    if (context.length === 0) this.server.problems.push('no context');
    if (verb === 'encrypt') return seal(key, Buffer.from(fields['plaintext'] ?? '', 'base64'), context);
    const plain = this.#open(key, fields['ciphertext'] ?? '', context);
    if (typeof plain === 'string') return refuse(400, plain);
    if (verb === 'rewrap') return seal(key, plain, context);
    const sent = fault === 'corrupt' ? corrupted(plain) : plain;
    return { status: 200, json: { data: { plaintext: sent.toString('base64') } } };
  }

  /** The plain key, or the text of the refusal. */
  #open(key: StubKey, ciphertext: string, context: Buffer): Buffer | string {
    const [, digits = '', encoded = ''] = /^vault:v(\d+):(.+)$/.exec(ciphertext) ?? [];
    const version = Number(digits);
    if (version < 1) return 'invalid ciphertext: no prefix';
    if (version > key.versions.length) return 'invalid ciphertext: version is too new';
    if (version < key.minDecryptionVersion)
      return 'ciphertext or signature version is disallowed by policy (too old)';
    const opened = openInStub(keyFor(key, version, context), Buffer.from(encoded, 'base64'), Buffer.alloc(0));
    return opened ?? 'cipher: message authentication failed';
  }
}

function seal(key: StubKey, plain: Buffer, context: Buffer): StubAnswer {
  const version = key.versions.length;
  const sealed = sealInStub(keyFor(key, version, context), plain, Buffer.alloc(0));
  return { status: 200, json: { data: { ciphertext: `vault:v${version}:${sealed.toString('base64')}` } } };
}

function keyFor(key: StubKey, version: number, context: Buffer): Buffer {
  const root = key.versions[version - 1] as Buffer;
  return key.derived ? Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), context, 32)) : root;
}

function refuse(status: number, text: string): StubAnswer {
  return { status, json: { errors: [text] } };
}
