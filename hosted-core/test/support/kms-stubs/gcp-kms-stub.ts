import { createVerify, generateKeyPairSync, randomBytes } from 'node:crypto';
import { corrupted, openInStub, sealInStub } from './stub-cipher.ts';
import { type StubAnswer, type StubFault, type StubRequest, StubServer } from './stub-server.ts';

export const gcpKeyName = (id: string) =>
  `projects/stub/locations/europe-west3/keyRings/userref/cryptoKeys/${id}`;

/** How a stub misbehaves on the checksums alone. */
export type ChecksumFault = 'unverified' | 'wrong sum' | 'other key';

/** STUB of Cloud KMS v1, of Google's token endpoint and of the metadata server. Checks sums, tokens and paths. */
export class GcpKmsStub {
  readonly server = new StubServer((request, fault) => this.#answer(request, fault));
  readonly #pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #keys = new Map<string, Buffer>();
  readonly #tokens = new Set<string>();
  checksumFault: ChecksumFault | undefined;
  tokensGiven = 0;
  url = '';

  addKey(id: string): string {
    this.#keys.set(gcpKeyName(id), randomBytes(32));
    return gcpKeyName(id);
  }

  /** The text of a service account's key file. */
  serviceAccount(): string {
    return JSON.stringify({
      type: 'service_account',
      client_email: 'cell@stub.iam.example',
      private_key_id: 'key-1',
      private_key: this.#pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: `${this.url}/token`,
    });
  }

  /** All tokens end now, before their time. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  #answer(request: StubRequest, fault: StubFault | undefined): StubAnswer {
    if (request.path === '/token') return this.#exchange(new URLSearchParams(request.body));
    if (request.path.startsWith('/computeMetadata/')) return this.#metadata(request);
    const [, name = '', verb = ''] = /^\/v1\/(.+):(encrypt|decrypt)$/.exec(request.path) ?? [];
    const token = request.headers['authorization']?.replace(/^Bearer /, '') ?? '';
    if (!this.#tokens.has(token)) return refuse(401, 'UNAUTHENTICATED');
    if (fault === 'throttle') return refuse(429, 'RESOURCE_EXHAUSTED');
    if (fault === 'disabled') return refuse(400, 'FAILED_PRECONDITION');
    const key = this.#keys.get(name);
    if (request.method !== 'POST' || !key) return refuse(404, 'NOT_FOUND');
    const fields = JSON.parse(request.body) as Record<string, string>;
    const bound = this.#field(fields, 'additionalAuthenticatedData');
    if (bound.length === 0) this.server.problems.push('no additional authenticated data');
    if (verb === 'encrypt')
      return this.#encrypt(name, sealInStub(key, this.#field(fields, 'plaintext'), bound));
    const plain = openInStub(key, this.#field(fields, 'ciphertext'), bound);
    if (!plain) return refuse(400, 'INVALID_ARGUMENT');
    const sent = fault === 'corrupt' ? corrupted(plain) : plain;
    return { status: 200, json: { ...this.#withSum('plaintext', sent), usedPrimary: true } };
  }

  #encrypt(name: string, sealed: Buffer): StubAnswer {
    const verified = this.checksumFault !== 'unverified';
    const usedName = this.checksumFault === 'other key' ? gcpKeyName('somebody-elses') : name;
    return {
      status: 200,
      json: {
        name: `${usedName}/cryptoKeyVersions/1`,
        ...this.#withSum('ciphertext', sealed),
        verifiedPlaintextCrc32c: verified,
        verifiedAdditionalAuthenticatedDataCrc32c: verified,
      },
    };
  }

  #field(fields: Record<string, string>, name: string): Buffer {
    const bytes = Buffer.from(fields[name] ?? '', 'base64');
    if (fields[`${name}Crc32c`] !== String(castagnoli(bytes)))
      this.server.problems.push(`${name} came with a wrong or no CRC-32C`);
    return bytes;
  }

  #withSum(name: string, bytes: Buffer) {
    const sum = castagnoli(bytes) ^ (this.checksumFault === 'wrong sum' ? 1 : 0);
    return { [name]: bytes.toString('base64'), [`${name}Crc32c`]: String(sum >>> 0) };
  }

  #exchange(form: URLSearchParams): StubAnswer {
    const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const verifier = createVerify('RSA-SHA256').update(`${header}.${claims}`);
    const { aud, iss, exp, iat, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const good =
      form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
      verifier.verify(this.#pair.publicKey, signature, 'base64url') &&
      aud === `${this.url}/token` &&
      iss === 'cell@stub.iam.example' &&
      exp - iat === 3_600 &&
      Math.abs(iat - Date.now() / 1_000) < 60 &&
      scope === 'https://www.googleapis.com/auth/cloudkms';
    if (good) return this.#giveToken();
    this.server.problems.push('assertion for a token');
    return { status: 400, json: { error: 'invalid_grant' } };
  }

  #metadata({ headers, path }: StubRequest): StubAnswer {
    if (headers['metadata-flavor'] === 'Google' && path.includes('/service-accounts/default/token?'))
      return this.#giveToken();
    this.server.problems.push('request to the metadata server');
    return { status: 403, json: {} };
  }

  #giveToken(): StubAnswer {
    const text = randomBytes(24).toString('base64url');
    this.#tokens.add(text);
    this.tokensGiven += 1;
    return { status: 200, json: { access_token: text, expires_in: 3_599, token_type: 'Bearer' } };
  }
}

function refuse(status: number, reason: string): StubAnswer {
  return { status, json: { error: { code: status, status: reason, message: 'stub' } } };
}

/** CRC-32C bit by bit, to be independent of the driver's table. */
function castagnoli(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0x82f63b78 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
