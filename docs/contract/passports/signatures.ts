import type { Scenario } from './scenario.ts';

/** The order of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const number = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const signed = (jwt: string, signature: Uint8Array) =>
  `${jwt.slice(0, jwt.lastIndexOf('.'))}.${Buffer.from(signature).toString('base64url')}`;
const raw = (jwt: string) => Buffer.from(jwt.slice(jwt.lastIndexOf('.') + 1), 'base64url');

function withNumbers(name: string, r: bigint, s: bigint): Scenario {
  return {
    name: `signature-${name}`,
    reason: 'passport_signature_invalid',
    edit: (jwt) => signed(jwt, Buffer.concat([number(r), number(s)])),
  };
}

/** ECDSA in ASN.1, as X.509 has it and JOSE has not. */
function der(signature: Buffer): Buffer {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].map((part) =>
    Buffer.concat([Buffer.of(0x02, 33, 0), part]),
  );
  const body = Buffer.concat(integers);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** The other signature that holds for the same message: `s` and its negative are alike to the mathematics. */
function otherHalf(signature: Buffer): Buffer {
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  return Buffer.concat([signature.subarray(0, 32), number(ORDER - s)]);
}

const rs256 = { header: { alg: 'RS256', kid: 'rs256' }, signWith: 'rs256' } as const;
const eddsa = { header: { alg: 'EdDSA', kid: 'eddsa' }, signWith: 'eddsa' } as const;
const invalid = 'passport_signature_invalid';

/** Signatures that are numbers and no proof (T14). */
export const signatureScenarios: readonly Scenario[] = [
  withNumbers('r-zero', 0n, 1n),
  withNumbers('s-zero', 1n, 0n),
  withNumbers('r-order', ORDER, 1n),
  withNumbers('s-order', 1n, ORDER),
  withNumbers('both-order', ORDER, ORDER),
  withNumbers('both-one', 1n, 1n),
  withNumbers('above-the-order', ORDER + 1n, ORDER + 1n),
  withNumbers('all-ones', 2n ** 256n - 1n, 2n ** 256n - 1n),
  { name: 'signature-in-asn1', reason: invalid, edit: (jwt) => signed(jwt, der(raw(jwt))) },
  {
    name: 'signature-with-a-byte-more',
    reason: invalid,
    edit: (jwt) => signed(jwt, Buffer.concat([raw(jwt), Buffer.of(0)])),
  },
  { name: 'signature-one-byte', reason: invalid, edit: (jwt) => signed(jwt, Buffer.of(1)) },
  {
    name: 'signature-halves-exchanged',
    reason: invalid,
    edit: (jwt) => signed(jwt, Buffer.concat([raw(jwt).subarray(32), raw(jwt).subarray(0, 32)])),
  },
  {
    name: 'signature-other-half-holds-too',
    edit: (jwt) => signed(jwt, otherHalf(raw(jwt))),
  },
  { name: 'signature-rs256-zero', reason: invalid, ...rs256, edit: (jwt) => signed(jwt, Buffer.alloc(256)) },
  {
    name: 'signature-rs256-one',
    reason: invalid,
    ...rs256,
    edit: (jwt) => signed(jwt, Buffer.alloc(256).fill(1, 255)),
  },
  {
    name: 'signature-rs256-without-leading-byte',
    reason: invalid,
    ...rs256,
    edit: (jwt) => signed(jwt, raw(jwt).subarray(1)),
  },
  { name: 'signature-eddsa-zero', reason: invalid, ...eddsa, edit: (jwt) => signed(jwt, Buffer.alloc(64)) },
  {
    name: 'signature-eddsa-of-neutral-element',
    reason: invalid,
    ...eddsa,
    edit: (jwt) => signed(jwt, Buffer.concat([Buffer.of(1), Buffer.alloc(63)])),
  },
  {
    name: 'signature-eddsa-with-s-above-the-order',
    reason: invalid,
    ...eddsa,
    edit: (jwt) => signed(jwt, Buffer.concat([raw(jwt).subarray(0, 32), Buffer.alloc(32, 0xff)])),
  },
];
