import { type AuditEntry, toRow } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';
import { guardRow, type ReadGuard } from '../attributes/reads-repository.ts';
import type { MissingConsents } from '../attributes/release-refusal.ts';
import {
  type DecisionRow,
  type DecisionTerms,
  hashToken,
  type ReleaseAsk,
  type ReleaseDecision,
  toDecision,
} from '../attributes/release-repository.ts';
import type { EnvelopeBinding } from '../vault/envelopes.ts';
import type { StoredKey } from '../vault/stored-attributes.ts';
import { orderHash } from './sealed-envelope.ts';

interface Forbidden {
  readonly outcome: 'forbidden';
  readonly site_id: string;
}

export type SealingDecision = ReleaseDecision | Forbidden;

export interface UnsealingQuery {
  readonly tenantId: string;
  readonly accessToken: string;
  readonly audience: string;
  readonly envelopeId: string;
  readonly purpose: string;
  readonly orderRef: string;
  readonly now: Date;
}

interface KnownEnvelope {
  readonly site_id: string;
  readonly audit_ref: string;
  readonly attributes: readonly string[];
  readonly envelope_id: string;
}

export type UnsealingDecision =
  | { readonly outcome: 'invalid_token' }
  | { readonly outcome: 'forbidden' | 'not_found'; readonly site_id: string }
  | (KnownEnvelope & {
      readonly outcome:
        | 'processing_restricted'
        | 'sealed_mismatch'
        | 'sealed_expired'
        | 'sealed_destroyed'
        | 'sealed_not_open_yet';
    })
  | (KnownEnvelope & MissingConsents & { readonly outcome: 'consent_required' })
  | (KnownEnvelope & {
      readonly outcome: 'opened';
      readonly subject_id: string;
      readonly epoch: number;
      readonly user_ref: string;
      readonly consent_ids: readonly string[];
      readonly key: StoredKey;
      readonly not_before_ms: number;
      readonly expires_at_ms: number;
    });

/** As `releaseAll` for one, and `forbidden` unless the site may receive sealed attributes. */
export async function decideSealing(
  database: Database,
  ask: ReleaseAsk,
  { audience, now }: DecisionTerms,
): Promise<SealingDecision> {
  const { tenantId, accessToken, userRef = null, names, storedNames, purpose } = ask;
  const [row] = await database.query<{ decision: DecisionRow | Forbidden }>(
    'select cell.decide_sealing($1, $2, $3, $4, $5, $6, $7, $8) as decision',
    [tenantId, hashToken(accessToken), userRef, audience, names, storedNames, purpose, now],
  );
  const decision = decided(row?.decision);
  return decision.outcome === 'forbidden' ? decision : toDecision(decision);
}

/** `cell.decide_unsealing` says how. */
export async function decideUnsealing(database: Database, query: UnsealingQuery): Promise<UnsealingDecision> {
  const { tenantId, accessToken, audience, envelopeId, purpose, orderRef, now } = query;
  const [row] = await database.query<{ decision: UnsealingDecision }>(
    'select cell.decide_unsealing($1, $2, $3, $4, $5, $6, $7) as decision',
    [tenantId, hashToken(accessToken), audience, envelopeId, purpose, orderHash(envelopeId, orderRef), now],
  );
  return decided(row?.decision);
}

export interface NewEnvelope {
  readonly binding: EnvelopeBinding;
  readonly keyVersion: number;
  readonly sealedAt: Date;
  readonly guard: ReadGuard;
  readonly entry: AuditEntry;
}

/** @returns `false` when what allowed it has ended meanwhile: nothing was written then */
export async function recordSealing(tx: Queryable, envelope: NewEnvelope): Promise<boolean> {
  const { binding, guard, entry } = envelope;
  const row = {
    envelope_id: binding.envelopeId,
    subject_id: binding.subjectId,
    site_id: binding.siteId,
    user_ref: binding.userRef,
    attributes: binding.attributes,
    purpose_id: binding.purpose,
    order_sha256: orderHash(binding.envelopeId, binding.orderRef).toString('hex'),
    not_before: binding.notBefore,
    expires_at: binding.expiresAt,
    sealed_at: envelope.sealedAt,
    key_version: envelope.keyVersion,
  };
  const [answer] = await tx.query<{ written: boolean }>(
    'select cell.record_sealing($1, $2, $3, $4) as written',
    [binding.tenantId, JSON.stringify(row), JSON.stringify(guardRow(guard)), JSON.stringify(toRow(entry))],
  );
  return answer?.written ?? false;
}

/** Destroys the keys of envelopes whose window is over. @returns how many, at most `limit` */
export async function destroyExpired(
  tx: Queryable,
  query: { tenantId: string; now: Date; limit: number },
): Promise<number> {
  const [row] = await tx.query<{ destroyed: number }>(
    `select cell.destroy_envelopes($1, array(
       select envelope_id from cell.sealed_envelopes
       where tenant_id = $1 and expires_at <= $2 and key_version is not null order by expires_at limit $3
     ), 'window_ended', $2) as destroyed`,
    [query.tenantId, query.now, query.limit],
  );
  return row?.destroyed ?? 0;
}

/** Forgets envelopes whose window was over before `before`; they are then unknown. */
export async function forgetExpired(
  tx: Queryable,
  { tenantId, before }: { tenantId: string; before: Date },
): Promise<void> {
  await tx.query(
    'delete from cell.sealed_envelopes where tenant_id = $1 and expires_at < $2 and key_version is null',
    [tenantId, before],
  );
}

function decided<Decision>(decision: Decision | undefined): Decision {
  if (decision === undefined) throw new TypeError('a function call answers with one row');
  return decision;
}
