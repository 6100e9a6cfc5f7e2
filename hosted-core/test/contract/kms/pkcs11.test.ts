import { committedDriver } from '../../../src/cell/kms/committed-driver.ts';
import { createPkcs11Key, pkcs11Driver } from '../../../src/cell/kms/pkcs11.ts';
import { createSoftHsm, PIN, softHsmMissing } from '../../support/soft-hsm.ts';
import { describeKeyDriver } from './kms-contract.ts';

const CKR_DEVICE_MEMORY = '31';
const CKR_DEVICE_REMOVED = '32';
const CKR_KEY_FUNCTION_NOT_PERMITTED = '68';

describeKeyDriver('PKCS#11 (SoftHSM2)', {
  skip: softHsmMissing(),
  async setUp() {
    const hsm = createSoftHsm();
    const place = (object: string) => ({
      modulePath: hsm.faultyModule,
      token: hsm.token,
      object,
      pinFile: hsm.pinFile,
    });
    for (const object of ['root', 'other']) await createPkcs11Key(place(object));
    return {
      openDriver: async () => committedDriver(pkcs11Driver(place('root'))),
      openOtherDriver: async () => committedDriver(pkcs11Driver(place('other'))),
      openBareDriver: async () => pkcs11Driver(place('root')),
      faults: {
        throttle: (times) => hsm.fail(`return ${CKR_DEVICE_MEMORY} ${times}`),
        hang: () => hsm.fail('hang'),
        outage: () => hsm.fail(`return ${CKR_DEVICE_REMOVED} 100000`),
        disableKey: () => hsm.fail(`return ${CKR_KEY_FUNCTION_NOT_PERMITTED} 100000`),
        corruptPlainKey: () => hsm.fail('corrupt'),
        heal: () => hsm.fail(''),
      },
      problems: () => [],
      secrets: () => [PIN],
      close: () => hsm.close(),
    };
  },
});
