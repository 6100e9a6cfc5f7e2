import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsKmsDriver } from '../../../src/cell/kms/aws-kms.ts';
import type { OutboundFetch } from '../../../src/outbound/outbound-fetch.ts';
import { AWS_REGION, AwsKmsStub } from '../../support/kms-stubs/aws-kms-stub.ts';
import { call, context, errorOf } from '../../unit/kms/support.ts';

const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/0001';

describe('the signature that AWS KMS gets', () => {
  let stub: AwsKmsStub;
  let endpoint: string;
  beforeEach(async () => {
    stub = new AwsKmsStub();
    endpoint = await stub.server.listen();
    stub.addKey('0001');
  });
  afterEach(() => stub.server.close());

  it('is seen to be wrong by the stub when the secret is wrong', async () => {
    const credentials = { ...stub.credentials, secretAccessKey: 'another' };
    const driver = await awsKmsDriver({ keyArn: ARN, awsRegion: AWS_REGION, endpoint, credentials });
    await driver.wrap(randomBytes(32), context, call);
    expect(stub.server.problems).toEqual(['signature (SigV4)']);
  });
});

/** The driver with a service that always answers this. */
async function answered(status: number, json: unknown) {
  const requests: string[] = [];
  const fetch: OutboundFetch = async (input) => {
    requests.push(String(input));
    return Response.json(json, { status, headers: { 'content-type': 'application/x-amz-json-1.1' } });
  };
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const driver = await awsKmsDriver({ keyArn: ARN, awsRegion: 'eu-central-1', credentials, fetch });
  return { requests, driver };
}

describe('what AWS KMS answers', () => {
  it.each([
    ['ThrottlingException', 400, 'throttled'],
    ['LimitExceededException', 400, 'throttled'],
    ['DisabledException', 400, 'denied'],
    ['KMSInvalidStateException', 400, 'denied'],
    ['NotFoundException', 400, 'denied'],
    ['AccessDeniedException', 400, 'denied'],
    ['UnrecognizedClientException', 400, 'denied'],
    ['InvalidCiphertextException', 400, 'damaged'],
    ['IncorrectKeyException', 400, 'damaged'],
    ['DependencyTimeoutException', 500, 'unavailable'],
    ['KeyUnavailableException', 500, 'unavailable'],
    ['KMSInternalException', 500, 'unavailable'],
    ['constructor', 500, 'unavailable'],
  ])('%s (%i) counts as %s, and the SDK does not repeat it', async (name, status, fault) => {
    const { driver, requests } = await answered(status, { __type: name, message: 'secret detail' });
    const error = await errorOf(driver.unwrap({ rootKeyId: ARN, blob: randomBytes(80) }, context, call));
    expect(error).toMatchObject({ fault });
    expect(error.logDetail).not.toContain('secret detail');
    expect(requests).toHaveLength(1);
  });

  it('is asked at the address of the region', async () => {
    const { driver, requests } = await answered(500, {});
    await errorOf(driver.wrap(randomBytes(32), context, call));
    expect(requests).toEqual(['https://kms.eu-central-1.amazonaws.com/']);
  });

  it.each([
    { Plaintext: randomBytes(32).toString('base64'), KeyId: `${ARN}2` },
    { Plaintext: randomBytes(32).toString('base64') },
    { KeyId: ARN },
    {},
  ])('is refused when it is of another key or empty (case %#)', async (json) => {
    const { driver } = await answered(200, json);
    const error = await errorOf(driver.unwrap({ rootKeyId: ARN, blob: randomBytes(80) }, context, call));
    expect(error.code).toBe('integrity_error');
  });
});
