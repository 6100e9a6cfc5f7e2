import { DPV_NAMESPACES } from '../../vocabulary/dpv-terms.ts';
import { localText } from './purpose-text.ts';
import type { ReceiptEvent, ReceiptRow, StoredPurpose } from './receipts-repository.ts';

export interface ReceiptContext {
  /** The cell's address: issuer of the receipt. */
  readonly issuer: string;
  readonly region: string;
  readonly operator: { readonly name: string; readonly privacyUrl?: string };
  /** The person's `user_ref` at the site; `undefined` once the site is disconnected. */
  readonly userRef: string | undefined;
  readonly now: Date;
}

/** Field names of ISO/IEC TS 27560, each with the term that says what it means. */
const CONTEXT = {
  ...DPV_NAMESPACES,
  record_id: 'dct:identifier',
  schema_version: 'dct:conformsTo',
  pii_principal_id: 'dpv:hasDataSubject',
  pii_controllers: 'dpv:hasDataController',
  pii_processors: 'dpv:hasDataProcessor',
  privacy_notice: 'dpv:hasNotice',
  language: 'dct:language',
  name: 'dpv:hasName',
  title: 'dct:title',
  purposes: 'dpv:hasProcess',
  purpose_type: { '@id': 'dpv:hasPurpose', '@type': '@id' },
  legal_basis: { '@id': 'dpv:hasLegalBasis', '@type': '@id' },
  personal_data: 'dpv:hasPersonalData',
  processing: { '@id': 'dpv:hasProcessing', '@type': '@id' },
  retention: 'dpv:hasDuration',
  recipients: 'dpv:hasRecipient',
  storage_location: 'dpv:hasLocation',
  withdrawal_method: 'dpv:hasConsentControl',
  events: 'dpv:hasRecordOfActivity',
  consent_status: { '@id': 'dpv:hasConsentStatus', '@type': '@id' },
  event_time: 'dct:created',
  validity_time: 'dct:valid',
  issued_at: 'dct:issued',
} as const;

const STATES = {
  granted: { state: 'given', consent_status: 'dpv:ConsentGiven' },
  renewed: { state: 'renewed', consent_status: 'dpv:RenewedConsentGiven' },
  withdrawn: { state: 'withdrawn', consent_status: 'dpv:ConsentWithdrawn' },
  expired: { state: 'expired', consent_status: 'dpv:ConsentExpired' },
} as const;

/**
 * A consent receipt: the structure of ISO/IEC TS 27560:2023 in JSON-LD with terms of the DPV. Holds names of
 * attributes, never values, and of the person only what the site knows them by.
 */
export function receiptDocument(
  receipt: ReceiptRow,
  purpose: StoredPurpose | undefined,
  events: readonly ReceiptEvent[],
  context: ReceiptContext,
): Record<string, unknown> {
  const { now, issuer, operator } = context;
  return {
    iss: issuer,
    iat: Math.floor(now.getTime() / 1000),
    jti: receipt.receiptId,
    '@context': CONTEXT,
    '@type': ['dpv:ConsentReceipt', 'dpv:ConsentRecord'],
    record_id: receipt.receiptId,
    schema_version: 'ISO/IEC TS 27560:2023',
    issued_at: now.toISOString(),
    pii_principal_id: context.userRef ?? 'urn:userref:unlinked',
    pii_controllers: [
      {
        '@type': 'dpv:DataController',
        name: receipt.siteName,
        origin: receipt.siteOrigin,
        site: receipt.siteId,
      },
    ],
    pii_processors: [{ '@type': 'dpv:DataProcessor', name: operator.name }],
    privacy_notice: notice(receipt, purpose, operator.privacyUrl),
    purposes: [purposeOf(receipt, purpose, events, context)],
    events: events.flatMap((event) => eventOf(event)),
  };
}

/** The very words, so that whoever holds the receipt can compute their hash again. */
function notice(receipt: ReceiptRow, purpose: StoredPurpose | undefined, uri: string | undefined) {
  const text = localText(purpose?.texts ?? {}, receipt.locale);
  const { siteId, purposeId, purposeVersion } = receipt;
  return {
    uri: uri ?? `urn:userref:purpose:${siteId}:${purposeId}:${purposeVersion}`,
    version: purposeVersion,
    sha256: receipt.textHash.toString('hex'),
    language: receipt.locale,
    title: text.title,
    description: text.description,
    ...(text.recipients && { recipients: text.recipients }),
  };
}

function purposeOf(
  receipt: ReceiptRow,
  purpose: StoredPurpose | undefined,
  events: readonly ReceiptEvent[],
  { issuer, region }: ReceiptContext,
) {
  const text = localText(purpose?.texts ?? {}, receipt.locale);
  const first = new Map<string, ReceiptEvent>();
  for (const event of events) if (!first.has(event.consentId)) first.set(event.consentId, event);
  return {
    '@type': 'dpv:Process',
    purpose: receipt.purposeId,
    purpose_type: purpose?.dpvPurpose ?? 'dpv:RequestedServiceProvision',
    service: receipt.siteName,
    legal_basis: purpose?.legalBasis ?? 'eu-gdpr:A6-1-a',
    processing: ['dpv:Collect', 'dpv:Use'],
    personal_data: [...first.values()].map(({ attribute, consentId, expiresAt }) => ({
      '@type': 'dpv:PersonalData',
      attribute,
      consent_id: consentId,
      retention: { until: expiresAt?.toISOString() ?? null },
    })),
    recipients: [text.recipients ?? receipt.siteName],
    storage_location: region,
    withdrawal_method: { '@type': 'dpv:WithdrawConsent', uri: `${issuer}/account` },
  };
}

function eventOf({ change, attribute, consentId, occurredAt, expiresAt }: ReceiptEvent) {
  if (change === 'denied') return [];
  return [
    {
      ...STATES[change],
      attribute,
      consent_id: consentId,
      event_time: occurredAt.toISOString(),
      method: change === 'expired' ? 'automatic' : 'web form of the person',
      ...(expiresAt && { validity_time: expiresAt.toISOString() }),
    },
  ];
}
