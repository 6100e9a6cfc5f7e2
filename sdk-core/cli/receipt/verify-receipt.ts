import { createHash } from 'node:crypto';
import { compactVerify, importJWK, type JWK } from 'jose';

/** Why a receipt is not to be believed. */
export type ReceiptProblem =
  | 'malformed'
  | 'typ_invalid'
  | 'alg_not_allowed'
  | 'key_unknown'
  | 'signature_invalid'
  | 'structure_invalid'
  | 'notice_changed'
  | 'wrong_user_ref';

export interface Receipt {
  readonly record_id: string;
  readonly pii_principal_id: string;
  readonly pii_controllers: readonly {
    readonly name: string;
    readonly origin: string;
    readonly site: string;
  }[];
  readonly privacy_notice: {
    readonly version: number;
    readonly sha256: string;
    readonly language: string;
    readonly title: string;
    readonly description: string;
    readonly recipients?: string;
  };
  readonly purposes: readonly {
    readonly purpose: string;
    readonly purpose_type: string;
    readonly legal_basis: string;
    readonly personal_data: readonly { readonly attribute: string; readonly consent_id: string }[];
  }[];
  readonly events: readonly {
    readonly state: 'given' | 'renewed' | 'withdrawn' | 'expired';
    readonly attribute: string;
    readonly event_time: string;
    readonly validity_time?: string;
  }[];
}

export type ReceiptVerdict =
  | { readonly ok: true; readonly receipt: Receipt; readonly kid: string }
  | { readonly ok: false; readonly problem: ReceiptProblem };

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const MAX_LENGTH = 65_536;

/**
 * Checks a consent receipt without asking anybody: one canonical spelling, `typ: consent-receipt+jwt`, ES256 by a
 * key of the set, the structure, and that the words in it are those whose hash was agreed to.
 */
export async function verifyReceipt(
  text: string,
  jwks: { readonly keys: readonly JWK[] },
  expected: { readonly userRef?: string | undefined } = {},
): Promise<ReceiptVerdict> {
  const jws = text.endsWith('\n') ? text.slice(0, -1) : text;
  if (jws.length > MAX_LENGTH || !COMPACT.test(jws) || !isCanonical(jws)) return refused('malformed');
  const header = parsed(jws.split('.')[0] ?? '');
  if (!header) return refused('malformed');
  if (header.typ !== 'consent-receipt+jwt' || header.crit !== undefined) return refused('typ_invalid');
  if (header.alg !== 'ES256') return refused('alg_not_allowed');
  const kid = String(header.kid);
  const jwk = jwks.keys.find((key) => key.kid === kid && key.kty === 'EC' && key.crv === 'P-256' && !key.d);
  if (!jwk) return refused('key_unknown');
  const signed = await compactVerify(jws, await importJWK(jwk, 'ES256'), { algorithms: ['ES256'] }).catch(
    () => undefined,
  );
  if (!signed) return refused('signature_invalid');
  const receipt = parsedJson(new TextDecoder().decode(signed.payload)) as Receipt | undefined;
  if (!receipt || !hasStructure(receipt)) return refused('structure_invalid');
  if (noticeHash(receipt) !== receipt.privacy_notice.sha256) return refused('notice_changed');
  if (expected.userRef !== undefined && receipt.pii_principal_id !== expected.userRef)
    return refused('wrong_user_ref');
  return { ok: true, receipt, kid };
}

/** As the cell computed it when the person agreed: the shown words, in a fixed order, as JSON. */
function noticeHash({ privacy_notice: notice }: Receipt): string {
  const { language, title, description, recipients } = notice;
  return createHash('sha256')
    .update(JSON.stringify([language, title, description, recipients ?? null]), 'utf8')
    .digest('hex');
}

function hasStructure(receipt: Receipt): boolean {
  const { record_id, pii_principal_id, pii_controllers, privacy_notice, purposes, events } = receipt;
  return (
    typeof record_id === 'string' &&
    typeof pii_principal_id === 'string' &&
    [pii_controllers, purposes, events].every((list) => Array.isArray(list) && list.length > 0) &&
    typeof privacy_notice?.sha256 === 'string' &&
    purposes.every((one) => typeof one.legal_basis === 'string' && Array.isArray(one.personal_data)) &&
    events.every((one) => typeof one.state === 'string' && !Number.isNaN(Date.parse(one.event_time)))
  );
}

/** Bare base64url readers accept several spellings of one token; one is enough. */
function isCanonical(jws: string): boolean {
  return jws.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function parsed(part: string): Record<string, unknown> | undefined {
  return parsedJson(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown> | undefined;
}

function parsedJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function refused(problem: ReceiptProblem): ReceiptVerdict {
  return { ok: false, problem };
}
