import { createHash, createHmac, randomBytes } from 'node:crypto';
import { corrupted, openInStub, sealInStub } from './stub-cipher.ts';
import { type StubAnswer, type StubFault, type StubRequest, StubServer } from './stub-server.ts';

export const AWS_REGION = 'eu-central-1';
export const awsKeyArn = (id: string) => `arn:aws:kms:${AWS_REGION}:111122223333:key/${id}`;

const MEMBERS = ['class', 'purpose', 'region', 'tenant', 'version'];

/** STUB of AWS KMS (JSON 1.1 protocol). Checks the signature (SigV4), target, key and encryption context. */
export class AwsKmsStub {
  readonly credentials = {
    accessKeyId: 'AKIDSTUBONLY',
    secretAccessKey: randomBytes(30).toString('base64'),
  };
  readonly server = new StubServer((request, fault) => this.#answer(request, fault));
  readonly #keys = new Map<string, Buffer>();

  addKey(id: string): string {
    this.#keys.set(awsKeyArn(id), randomBytes(32));
    return awsKeyArn(id);
  }

  #answer(request: StubRequest, fault: StubFault | undefined): StubAnswer {
    this.#verify(request);
    if (fault === 'throttle') return refuse('ThrottlingException');
    if (fault === 'disabled') return refuse('DisabledException');
    const input = JSON.parse(request.body) as Record<string, string>;
    const keyId = String(input['KeyId']);
    const key = this.#keys.get(keyId);
    if (!key) return refuse('NotFoundException');
    const bound = this.#context(input['EncryptionContext']);
    if (request.headers['x-amz-target'] === 'TrentService.Encrypt') {
      const sealed = sealInStub(key, Buffer.from(String(input['Plaintext']), 'base64'), bound);
      const CiphertextBlob = Buffer.concat([nameTag(keyId), sealed]).toString('base64');
      return ok({ CiphertextBlob, KeyId: keyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    }
    const blob = Buffer.from(String(input['CiphertextBlob']), 'base64');
    const wrappedBy = [...this.#keys.keys()].find((one) => nameTag(one).equals(blob.subarray(0, 8)));
    if (!wrappedBy) return refuse('InvalidCiphertextException');
    if (wrappedBy !== keyId) return refuse('IncorrectKeyException');
    const plain = openInStub(key, blob.subarray(8), bound);
    if (!plain) return refuse('InvalidCiphertextException');
    const Plaintext = (fault === 'corrupt' ? corrupted(plain) : plain).toString('base64');
    return ok({ Plaintext, KeyId: keyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
  }

  #context(context: unknown): Buffer {
    const entries = Object.entries((context ?? {}) as Record<string, unknown>).sort();
    if (entries.map(([name]) => name).join() !== MEMBERS.join())
      this.server.problems.push('encryption context without all of its members');
    if (entries.some(([, value]) => typeof value !== 'string' || value === ''))
      this.server.problems.push('encryption context with something else than text');
    return Buffer.from(JSON.stringify(entries));
  }

  #verify(request: StubRequest): void {
    const { headers, method, path } = request;
    const expect = (holds: boolean, problem: string) => {
      if (!holds) this.server.problems.push(problem);
    };
    expect(method === 'POST' && path === '/', 'not a POST to /');
    expect(headers['content-type'] === 'application/x-amz-json-1.1', 'content type');
    expect(/^TrentService\.(Encrypt|Decrypt)$/.test(headers['x-amz-target'] ?? ''), 'x-amz-target');
    const age = Math.abs(Date.now() - timeOf(headers['x-amz-date'] ?? ''));
    expect(age < 300_000, 'x-amz-date is missing or far from now');
    for (const header of ['host', 'x-amz-date', 'x-amz-target'])
      expect(signedHeaders(request).includes(header), `${header} is not signed`);
    expect(headers['authorization'] === authorizationOf(request, this.credentials), 'signature (SigV4)');
  }
}

function ok(json: unknown): StubAnswer {
  return { status: 200, json };
}

function refuse(type: string): StubAnswer {
  return { status: 400, json: { __type: type, message: 'stub' } };
}

function nameTag(keyArn: string): Buffer {
  return createHash('sha256').update(keyArn).digest().subarray(0, 8);
}

function timeOf(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function signedHeaders({ headers }: StubRequest): string[] {
  return (/SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1] ?? '').split(';');
}

/** The header that the holder of the secret must have sent (AWS Signature Version 4, computed anew). */
function authorizationOf(
  request: StubRequest,
  { accessKeyId, secretAccessKey }: AwsKmsStub['credentials'],
): string {
  const names = signedHeaders(request);
  const date = request.headers['x-amz-date'] ?? '';
  const scope = `${date.slice(0, 8)}/${AWS_REGION}/kms/aws4_request`;
  const canonical = [
    request.method,
    request.path,
    '',
    ...names.map((name) => `${name}:${request.headers[name]?.trim()}`),
    '',
    names.join(';'),
    sha256(request.body),
  ].join('\n');
  const signed = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, signed).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
