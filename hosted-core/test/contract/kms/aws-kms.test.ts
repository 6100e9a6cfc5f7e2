import { awsKmsDriver } from '../../../src/cell/kms/aws-kms.ts';
import { committedDriver } from '../../../src/cell/kms/committed-driver.ts';
import { AWS_REGION, AwsKmsStub } from '../../support/kms-stubs/aws-kms-stub.ts';
import { describeKeyDriver } from './kms-contract.ts';

describeKeyDriver('AWS KMS (stub)', {
  async setUp() {
    const stub = new AwsKmsStub();
    const endpoint = await stub.server.listen();
    const [key, other] = [stub.addKey('0001'), stub.addKey('0002')];
    const { credentials } = stub;
    const open = (keyArn: string) => awsKmsDriver({ keyArn, awsRegion: AWS_REGION, endpoint, credentials });
    return {
      openDriver: async () => committedDriver(await open(key)),
      openOtherDriver: async () => committedDriver(await open(other)),
      openBareDriver: () => open(key),
      faults: {
        throttle: (times) => stub.server.fail('throttle', times),
        hang: () => stub.server.fail('hang'),
        outage: () => stub.server.fail('outage'),
        disableKey: () => stub.server.fail('disabled'),
        corruptPlainKey: () => stub.server.fail('corrupt'),
        heal: () => stub.server.heal(),
      },
      calls: () => stub.server.requests,
      abandoned: () => stub.server.abandoned,
      problems: () => stub.server.problems,
      secrets: () => [credentials.secretAccessKey],
      close: () => stub.server.close(),
    };
  },
});
