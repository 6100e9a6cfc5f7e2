import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

/**
 * All decisions and their history. What stays of them is in the audit log, under a name that nobody can
 * resolve once the person's row is gone; the wording that was agreed to is of no person and stays as well.
 */
export const consentsParticipant: ErasureParticipant = {
  tables: ['cell.consents', 'cell.consent_events'],

  async exportSubject(tx, { tenantId, subjectId }) {
    const key = [tenantId, subjectId];
    return {
      'cell.consents': await tx.query<object>(
        `select consent_id, site_id, attribute, purpose_id, purpose_version, locale, state, decided_at, expires_at,
           withdrawn_at, reads, last_read_at
         from cell.consents where tenant_id = $1 and subject_id = $2 order by decided_at, consent_id`,
        key,
      ),
      'cell.consent_events': await tx.query<object>(
        `select consent_id, change, site_id, attribute, purpose_id, purpose_version, occurred_at
         from cell.consent_events where tenant_id = $1 and subject_id = $2 order by event_no`,
        key,
      ),
    };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    await tx.query('select cell.forget_consents($1, $2)', [tenantId, subjectId]);
  },
};
