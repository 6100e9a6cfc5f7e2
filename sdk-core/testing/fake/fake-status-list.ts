import { encodeBase64url } from '../../src/encoding/base64url.ts';
import type { PassportStatus } from './fake-person.ts';

/** The place of every passport of the fake core. */
const PLACE = 11;
const BITS = 2;
const PLACES = 64;
const VALUE: Record<PassportStatus, number> = { valid: 0, revoked: 1, suspended: 2 };
const LIFE_SECONDS = 3600;
const TTL_SECONDS = 300;

export function statusListUri(issuer: string): string {
  return `${issuer}/status/${'fakelist'.padEnd(26, 'x')}`;
}

/** The claim `status` of a passport (Token Status List, draft-21 §6.2). */
export function statusClaim(issuer: string): object {
  return { status_list: { idx: PLACE, uri: statusListUri(issuer) } };
}

/** The claims of the list (§5.1). */
export async function statusListClaims(
  issuer: string,
  { status, now }: { status: PassportStatus; now: number },
): Promise<object> {
  const bytes = new Uint8Array((PLACES * BITS) / 8);
  const bit = PLACE * BITS;
  bytes[Math.floor(bit / 8)] = VALUE[status] << (bit % 8);
  return {
    ...{ iss: issuer, sub: statusListUri(issuer), iat: now, exp: now + LIFE_SECONDS, ttl: TTL_SECONDS },
    status_list: { bits: BITS, lst: encodeBase64url(await deflate(bytes)) },
  };
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
