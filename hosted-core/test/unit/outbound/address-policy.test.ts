import { describe, expect, it } from 'vitest';
import { isAddressAllowed } from '../../../src/outbound/address-policy.ts';

/** Every special block with its first, an inner and its last address where that is telling. */
const SPECIAL = [
  ...[
    '0.0.0.0',
    '0.255.255.255',
    '10.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.100.100.200',
    '100.127.255.255',
  ],
  ...['127.0.0.1', '127.255.255.254', '168.63.129.16', '169.254.0.1', '169.254.169.254', '172.16.0.1'],
  ...[
    '172.31.255.255',
    '192.0.0.1',
    '192.0.0.170',
    '192.0.2.1',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.99.1',
  ],
  ...[
    '192.168.0.1',
    '192.175.48.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
  ],
  ...['239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:8.8.8.8'],
  ...['64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::a00:1', '100::1', '100:0:0:1::1'],
  ...['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:2::1', '2001:10::1', '2001:20::1'],
  ...['2001:1ff:ffff::1', '2001:db8::1', '2002:7f00:1::1', '2002:a00:1::1', '2620:4f:8000::1', '3fff::1'],
  ...['5f00::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1', 'ff02::1'],
];

const PUBLIC = [
  ...[
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
  ],
  ...[
    '168.63.129.15',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '198.17.255.255',
    '223.255.255.255',
  ],
  ...['2000::1', '2001:200::1', '2001:4860:4860::8888', '2606:4700::1111', '2a00:1450:4001::1'],
];

/** Text that a careless resolver or caller might hand over. */
const NO_ADDRESS = [
  '',
  ' 1.1.1.1',
  '1.1.1',
  '01.1.1.1',
  '0x7f.0.0.1',
  '2130706433',
  '1.1.1.1:80',
  '[::1]',
  'localhost',
];

describe('addresses under the policy `public`', () => {
  it.each(SPECIAL)('refuses the special address %s', (address) => {
    expect(isAddressAllowed(address, 'public', 'https:')).toBe(false);
  });

  it.each(PUBLIC)('allows the public address %s over https only', (address) => {
    expect(isAddressAllowed(address, 'public', 'https:')).toBe(true);
    expect(isAddressAllowed(address, 'public', 'http:')).toBe(false);
  });

  it.each(NO_ADDRESS)('refuses %j, which is not plainly one address', (address) => {
    for (const policy of ['public', 'public-and-loopback', 'any'] as const) {
      expect(isAddressAllowed(address, policy, 'https:')).toBe(false);
    }
  });
});

describe('addresses under the other policies', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1'])(
    '`public-and-loopback` allows %s over http and https',
    (address) => {
      expect(isAddressAllowed(address, 'public-and-loopback', 'http:')).toBe(true);
      expect(isAddressAllowed(address, 'public-and-loopback', 'https:')).toBe(true);
    },
  );

  it.each(['::ffff:127.0.0.1', '64:ff9b::7f00:1', '10.0.0.1', '0.0.0.0', '169.254.169.254', '::'])(
    '`public-and-loopback` still refuses %s',
    (address) => {
      expect(isAddressAllowed(address, 'public-and-loopback', 'https:')).toBe(false);
      expect(isAddressAllowed(address, 'public-and-loopback', 'http:')).toBe(false);
    },
  );

  it('`public-and-loopback` sends nothing in the clear to public addresses', () => {
    expect(isAddressAllowed('1.1.1.1', 'public-and-loopback', 'http:')).toBe(false);
  });

  it('`any` allows private addresses, for what the operator configured', () => {
    expect(isAddressAllowed('10.0.0.1', 'any', 'http:')).toBe(true);
  });
});
