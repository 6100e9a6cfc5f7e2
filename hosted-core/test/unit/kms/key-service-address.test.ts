import { describe, expect, it } from 'vitest';
import { parseKeyServiceAddress } from '../../../src/config/key-service-address.ts';
import { loadSettings, SettingsError } from '../../../src/config/load-settings.ts';

const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const GCP = 'projects/shop-1/locations/europe-west3/keyRings/userref/cryptoKeys/root';

describe('the address of a key service', () => {
  it.each([
    ['file:/var/lib/userref/vault.key', { scheme: 'file', path: '/var/lib/userref/vault.key' }],
    [
      'pkcs11:token=userref%20test;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so',
      {
        scheme: 'pkcs11',
        token: 'userref test',
        object: 'root',
        modulePath: '/usr/lib/softhsm/libsofthsm2.so',
      },
    ],
    [`aws:${ARN}`, { scheme: 'aws', keyArn: ARN, awsRegion: 'eu-central-1' }],
    [
      'aws:arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-12',
      {
        scheme: 'aws',
        keyArn: 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-12',
        awsRegion: 'us-gov-west-1',
      },
    ],
    [`gcp:${GCP}`, { scheme: 'gcp', keyName: GCP }],
    [
      'vault:https://vault.example.eu:8200/v1/transit/keys/userref',
      { scheme: 'vault', apiUrl: 'https://vault.example.eu:8200/v1', mount: 'transit', keyName: 'userref' },
    ],
    [
      'vault:http://127.0.0.1:8200/v1/eu/transit/keys/userref?namespace=team-a',
      {
        scheme: 'vault',
        apiUrl: 'http://127.0.0.1:8200/v1',
        mount: 'eu/transit',
        keyName: 'userref',
        namespace: 'team-a',
      },
    ],
  ])('is understood: %s', (text, address) => {
    expect(parseKeyServiceAddress(text)).toEqual(address);
  });

  it.each([
    ['', /unknown key service; use one of file:/],
    ['/var/lib/vault.key', /unknown key service/],
    ['constructor:x', /unknown key service/],
    ['azure:https://x', /unknown key service.*pkcs11:.*aws:.*gcp:.*vault:/],
    ['file:vault.key', /absolute path/],
    ['file://host/vault.key', /absolute path/],
    ['pkcs11:token=a;object=b', /needs token, object and an absolute module-path/],
    ['pkcs11:token=a;object=b?module-path=relative.so', /absolute module-path/],
    ['pkcs11:token=a;object=b;object=c?module-path=/m.so', /given twice/],
    ['pkcs11:token=a;object=b;id=%01?module-path=/m.so', /unknown or given twice/],
    ['pkcs11:token=%zz;object=b?module-path=/m.so', /percent-encoded/],
    [
      'pkcs11:token=a;object=b?module-path=/m.so&pin-value=1234',
      /the PIN stands in USERREF_KMS_CREDENTIALS_FILE/,
    ],
    ['aws:arn:aws:kms:eu-central-1:111122223333:alias/userref', /an alias will not do/],
    ['aws:1234abcd-12ab-34cd-56ef-1234567890ab', /ARN of a key/],
    [`aws:${ARN}\n`, /ARN of a key/],
    [`gcp:${GCP}/cryptoKeyVersions/1`, /without a version/],
    ['gcp:projects/a/../b/cryptoKeys/c', /resource name/],
    ['gcp:projects/a/locations/../keyRings/b/cryptoKeys/c', /resource name/],
    ['vault:http://vault.example.eu/v1/transit/keys/a', /use https/],
    ['vault:http://127.0.0.1.example.eu/v1/transit/keys/a', /use https/],
    ['vault:https://user:secret@vault.example.eu/v1/transit/keys/a', /address of a transit key/],
    ['vault:https://vault.example.eu/v1/transit/encrypt/a', /address of a transit key/],
    ['vault:https://vault.example.eu/v1/transit/keys/a?token=hvs.x', /no other parameter/],
  ])('is refused: %j', (text, message) => {
    expect(() => parseKeyServiceAddress(text)).toThrow(message);
  });

  it('never shows a PIN that was written into it', () => {
    const address = 'pkcs11:token=a;object=b?module-path=/m.so&pin-value=4711';
    expect(() => parseKeyServiceAddress(address)).toThrow(expect.not.stringContaining('4711'));
  });

  it('is one of the settings, refused with the name of the setting and the list', () => {
    const load = () => loadSettings({ environment: { USERREF_KMS: 'azure:x' } });
    expect(load).toThrow(SettingsError);
    expect(load).toThrow(/USERREF_KMS: unknown key service; use one of file:/);
  });
});
