import { SignJWT } from 'jose';
import type { Client, Provider } from 'oidc-provider';
import { PASSPORT_VERSION, type PassportClaims } from '../../contract/generated.ts';
import type { RegionCell } from '../../wall/region-cell.ts';
import type { StatusPositions } from '../status-list/status-positions.ts';
import { assuranceLevelOf } from './assurance.ts';
import type { SigningAlg } from './signing-key-repository.ts';
import type { SigningKeySet } from './signing-keys.ts';
import { unitOfWork } from './unit-of-work.ts';

/**
 * Default life of a passport. Who does not look at status lists sees a revocation at the latest when it ends;
 * who does, after the `ttl` of the list.
 */
export const PASSPORT_TTL_SECONDS = 3600;

export interface PassportIssuer {
  readonly tenantId: string;
  readonly cell: Pick<RegionCell, 'liveConsents'>;
  readonly keys: SigningKeySet;
  readonly positions: StatusPositions;
}

/** What the engine hands over when it wants an ID token. */
interface IdTokenDraft {
  readonly client: Client & { clientId: string; idTokenSignedResponseAlg: SigningAlg };
  readonly available: { sub: string };
  payload(): Promise<Record<string, unknown>>;
}

interface DraftClaims {
  readonly sub: string;
  readonly nonce?: string;
  readonly sid?: string;
  readonly acr?: string;
  readonly auth_time?: number;
}

type Issue = (this: IdTokenDraft, options: { use: string; expiresAt?: number }) => Promise<string>;

/**
 * Makes the engine's ID tokens passports: `typ: JWT`, our claims, no personal data whatever was asked for.
 * Every other kind of signed answer stays the engine's.
 */
export function issuePassports(provider: Provider, issuer: PassportIssuer): void {
  const prototype = (provider as unknown as { IdToken: { prototype: { issue: Issue } } }).IdToken.prototype;
  const original = prototype.issue;
  prototype.issue = async function issue(options) {
    if (options.use !== 'idtoken') return original.call(this, options);
    return signPassport(provider, issuer, this);
  };
}

async function signPassport(
  provider: Provider,
  issuer: PassportIssuer,
  draft: IdTokenDraft,
): Promise<string> {
  const { sub, nonce, sid, acr, auth_time } = (await draft.payload()) as unknown as DraftClaims;
  const siteId = draft.client.clientId;
  const subjectId = draft.available.sub;
  const issuedAt = Math.floor(Date.now() / 1000);
  const expiresAt = issuedAt + PASSPORT_TTL_SECONDS;
  const [consents, status] = await Promise.all([
    issuer.cell.liveConsents({ tenantId: issuer.tenantId, siteId, subjectId }),
    issuer.positions.place({ siteId, subjectId, sid, expiresAt: new Date(expiresAt * 1000) }),
  ]);
  const claims = {
    iss: provider.issuer,
    aud: siteId,
    sub,
    user_ref: sub,
    passport: { v: PASSPORT_VERSION, consents, assurance_level: assuranceLevelOf(acr) },
    tenant: issuer.tenantId,
    site: siteId,
    ...(sid && { sid }),
    ...(acr && { acr }),
    ...(auth_time && { auth_time }),
    ...(nonce && { nonce }),
    status,
    iat: issuedAt,
    exp: expiresAt,
  } satisfies Partial<PassportClaims> & { sub: string };
  const alg = draft.client.idTokenSignedResponseAlg;
  const { kid, key } = issuer.keys.active(alg);
  noteIssued({ tenantId: issuer.tenantId, siteId, subjectId });
  return new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT', kid }).sign(key);
}

function noteIssued({
  tenantId,
  siteId,
  subjectId,
}: {
  tenantId: string;
  siteId: string;
  subjectId: string;
}): void {
  const unit = unitOfWork();
  unit.noteSignIn(siteId, subjectId);
  unit.audit({
    tenantId,
    action: 'passport.issued',
    siteId,
    subjectRef: unit.subjects.get(subjectId)?.auditRef,
  });
}
