import { describe, expect, it } from 'vitest';
import type { OutboundPolicy } from '../../../src/outbound/address-policy.ts';
import type { OutboundError } from '../../../src/outbound/outbound-error.ts';
import { checkOutboundUrl } from '../../../src/outbound/url-policy.ts';

function reasonOf(url: string, policy: OutboundPolicy = 'public'): string {
  try {
    checkOutboundUrl(url, policy);
    return 'allowed';
  } catch (error) {
    return (error as OutboundError).reason;
  }
}

const LITERALS = [
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '017700000001', '0x7f000001', '0x7f.1', '0177.0.0.1'],
  ...[
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '１２７.０.０.１',
    '127。0。0。1',
    '0',
    '0.0.0.0',
    '0x0',
    '10.1',
    '3232235521',
  ],
  ...['169.254.169.254', '0xa9fea9fe', '2852039166', '100.64.0.1', '224.0.0.1', '255.255.255.255'],
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]'],
  ...[
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fd00::1]',
    '[fe80::1]',
  ],
  ...['[ff02::1]', '[fec0::1]'],
];

describe('outbound addresses', () => {
  it.each(LITERALS)('refuse the literal https://%s/ by itself', (host) => {
    expect(reasonOf(`https://${host}/`)).toBe('address_not_allowed');
  });

  it.each([
    ['http://shop.example/', 'scheme_not_allowed'],
    ['file:///etc/passwd', 'scheme_not_allowed'],
    ['gopher://shop.example/', 'scheme_not_allowed'],
    ['ftp://shop.example/', 'scheme_not_allowed'],
    ['data:text/plain,x', 'scheme_not_allowed'],
    ['blob:https://shop.example/x', 'scheme_not_allowed'],
    ['javascript:0', 'scheme_not_allowed'],
    ['https://user@shop.example/', 'userinfo_not_allowed'],
    ['https://user:word@shop.example/', 'userinfo_not_allowed'],
    ['https://:word@shop.example/', 'userinfo_not_allowed'],
    ['https://shop.example@127.0.0.1/', 'userinfo_not_allowed'],
    ['https://shop.example:22/', 'port_not_allowed'],
    ['https://shop.example:25/', 'port_not_allowed'],
    ['https://shop.example:0/', 'port_not_allowed'],
    ['https://shop.example:1023/', 'port_not_allowed'],
    ['https://shop.example:5432/', 'port_not_allowed'],
    ['https://shop.example:6379/', 'port_not_allowed'],
    ['https://shop.example:65536/', 'url_malformed'],
    ['https://', 'url_malformed'],
    ['/webhook', 'url_malformed'],
    ['https://1.2.3.256/', 'url_malformed'],
    ['https://shop.example/hook?x=1', 'allowed'],
    ['https://shop.example:80/', 'allowed'],
    ['https://shop.example:8443/', 'allowed'],
    ['https://1.1.1.1/', 'allowed'],
    ['https://[2606:4700::1111]/', 'allowed'],
  ])('%s under `public`: %s', (url, expected) => {
    expect(reasonOf(url)).toBe(expected);
  });

  it.each([
    ['http://localhost:4010/hook', 'allowed'],
    ['http://127.0.0.1:4010/hook', 'allowed'],
    ['http://[::1]:4010/hook', 'allowed'],
    ['http://localhost:6379/', 'port_not_allowed'],
    ['http://10.0.0.1:4010/', 'address_not_allowed'],
    ['http://1.1.1.1/', 'address_not_allowed'],
    ['http://[::ffff:127.0.0.1]:4010/', 'address_not_allowed'],
  ])('%s under `public-and-loopback`: %s', (url, expected) => {
    expect(reasonOf(url, 'public-and-loopback')).toBe(expected);
  });

  it('`any` allows private hosts and low ports, never another scheme or userinfo', () => {
    expect(reasonOf('http://10.0.0.1:81/', 'any')).toBe('allowed');
    expect(reasonOf('file:///etc/passwd', 'any')).toBe('scheme_not_allowed');
    expect(reasonOf('http://user@10.0.0.1/', 'any')).toBe('userinfo_not_allowed');
  });

  it('tells nothing about the address in message and log detail', () => {
    try {
      checkOutboundUrl('https://user:planted-secret@127.0.0.1/planted-path', 'public');
      expect.unreachable();
    } catch (error) {
      const { message, detail, logDetail, extensions, cause } = error as OutboundError;
      expect(JSON.stringify({ message, detail, logDetail, extensions, cause })).not.toContain('planted');
    }
  });
});
