import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedAddress } from '../../../src/outbound/guarded-connector.ts';
import { createOutboundFetch } from '../../../src/outbound/outbound-fetch.ts';

let server: Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '::', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((done) => server.close(done)));

const NAMES = new Map<string, ResolvedAddress[][]>();
/** Answers as each name's script says, the last answer again and again; everything else as the system does. */
const resolveName = async (hostname: string): Promise<readonly ResolvedAddress[]> => {
  const answers = NAMES.get(hostname);
  if (!answers) return [];
  return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
};
const fetch = createOutboundFetch({ policy: 'public', timeoutMs: 20_000, maxBytes: 1_000, resolveName });
const v4 = (address: string): ResolvedAddress => ({ address, family: 4 });
const v6 = (address: string): ResolvedAddress => ({ address, family: 6 });

/** Every way to write this machine, with our port behind it: whatever got through would be counted. */
const THIS_MACHINE = [
  ...[
    '127.0.0.1',
    '127.0.0.2',
    '127.255.255.254',
    '127.1',
    '127.0.1',
    '127.0.0.1.',
    '0',
    '0.0.0.0',
    '0x0',
    '00',
  ],
  ...[
    '2130706433',
    '0x7f000001',
    '0X7F000001',
    '017700000001',
    '0177.0.0.1',
    '0x7f.1',
    '0x7f.0.0.1',
    '127.0x1',
  ],
  ...[
    '0177.0x0.0.01',
    '%31%32%37.0.0.1',
    '１２７.０.０.１',
    '127。0。0。1',
    'ⓛocalhost',
    'localhost',
    'LOCALHOST',
    'localhost.',
  ],
  ...[
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::0001]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::FFFF:127.0.0.1]',
  ],
  ...[
    '[::127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
  ],
  ...['[2002:7f00:1::]', '[2002:7f00:0001::1]', '[2001:0:7f00:1::]', '[::1%25lo]'],
];
/** Networks that are nobody's business. */
const INSIDE = [
  ...['10.0.0.1', '10.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', '3232235521', '169.254.169.254'],
  ...[
    '0xa9fea9fe',
    '2852039166',
    '100.64.0.1',
    '100.127.255.255',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
  ],
  ...[
    '[fd00::1]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[2002:0a00:0001::]',
    '[64:ff9b::a9fe:a9fe]',
  ],
];

async function reasonOf(url: string): Promise<string> {
  return fetch(url).then(
    (response) => `answered with ${response.status}`,
    (error) => error.reason ?? String(error),
  );
}

describe('no TCP connection is opened', () => {
  it.each([...THIS_MACHINE, ...INSIDE])('to %s', async (host) => {
    const before = connections;
    const reason = await reasonOf(`https://${host}:${port}/`);
    expect(['address_not_allowed', 'name_not_resolved', 'url_malformed']).toContain(reason);
    expect(connections).toBe(before);
  });

  it.each([
    ['a loopback address', [[v4('127.0.0.1')]]],
    ['IPv6 loopback', [[v6('::1')]]],
    ['a mapped address', [[v6('::ffff:127.0.0.1')]]],
    ['NAT64', [[v6('64:ff9b::7f00:1')]]],
    ['6to4', [[v6('2002:7f00:1::')]]],
    ['the metadata service', [[v4('169.254.169.254')]]],
    ['carrier-grade NAT', [[v4('100.64.0.1')]]],
    ['one public and one private address', [[v4('1.1.1.1'), v4('127.0.0.1')]]],
    ['text that is no address', [[v4('2130706433')]]],
  ])('to a name that resolves to %s', async (what, answers) => {
    const name = `${what.replaceAll(/[^a-z]/gi, '').toLowerCase()}.example`;
    NAMES.set(name, answers);
    const before = connections;
    expect(await reasonOf(`https://${name}:${port}/`)).toBe('address_not_allowed');
    expect(connections).toBe(before);
  });

  it.each([
    ['file:///etc/passwd', 'scheme_not_allowed'],
    ['gopher://127.0.0.1:PORT/_GET', 'scheme_not_allowed'],
    ['ftp://127.0.0.1:PORT/', 'scheme_not_allowed'],
    ['dict://127.0.0.1:PORT/', 'scheme_not_allowed'],
    ['ws://127.0.0.1:PORT/', 'scheme_not_allowed'],
    ['http://127.0.0.1:PORT/', 'scheme_not_allowed'],
    ['https://shop.example@127.0.0.1:PORT/', 'userinfo_not_allowed'],
    ['https://shop.example%40127.0.0.1:PORT/', 'url_malformed'],
    ['https://127.0.0.1:22/', 'port_not_allowed'],
    ['https://shop.example:25/', 'port_not_allowed'],
    ['https://shop.example:6379/', 'port_not_allowed'],
    ['https://shop.example:5432/', 'port_not_allowed'],
  ])('for %s', async (url, reason) => {
    const before = connections;
    expect(await reasonOf(url.replace('PORT', String(port)))).toBe(reason);
    expect(connections).toBe(before);
  });

  it('by the listener that counts them, unless somebody connects (control)', async () => {
    const open = createOutboundFetch({ policy: 'any', timeoutMs: 20_000, maxBytes: 1_000 });
    const before = connections;
    await open(`http://127.0.0.1:${port}/`).catch(() => {});
    await open(`http://[::1]:${port}/`).catch(() => {});
    expect(connections).toBe(before + 2);
  });
});
