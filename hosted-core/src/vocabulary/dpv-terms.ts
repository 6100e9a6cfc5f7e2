/**
 * The terms of the W3C Data Privacy Vocabulary (DPV) that we use, vendored so that nothing is looked up at
 * run time. Version 2.0 of August 2024; GDPR terms from its legal extension for the EU.
 */
export const DPV_NAMESPACES = {
  dpv: 'https://w3id.org/dpv/2.0#',
  'eu-gdpr': 'https://w3id.org/dpv/2.0/legal/eu/gdpr#',
  dct: 'http://purl.org/dc/terms/',
} as const;

/** What a purpose may say that it is for. */
export const DPV_PURPOSES = [
  'dpv:AccountManagement',
  'dpv:AgeVerification',
  'dpv:CommunicationForCustomerCare',
  'dpv:CommunicationManagement',
  'dpv:CustomerCare',
  'dpv:CustomerClaimsManagement',
  'dpv:CustomerManagement',
  'dpv:CustomerOrderManagement',
  'dpv:CustomerRelationshipManagement',
  'dpv:DeliveryOfGoods',
  'dpv:DirectMarketing',
  'dpv:EnforceSecurity',
  'dpv:FraudPreventionAndDetection',
  'dpv:FulfilmentOfContractualObligation',
  'dpv:IdentityAuthentication',
  'dpv:IdentityVerification',
  'dpv:LegalCompliance',
  'dpv:Marketing',
  'dpv:PaymentManagement',
  'dpv:Personalisation',
  'dpv:RequestedServiceProvision',
  'dpv:ServiceOptimisation',
  'dpv:ServicePersonalisation',
  'dpv:ServiceProvision',
] as const;
export type DpvPurpose = (typeof DPV_PURPOSES)[number];

/** Consent is what releases data here: of Article 6, or, for special categories, of Article 9. */
export const CONSENT_BASES = ['eu-gdpr:A6-1-a', 'eu-gdpr:A9-2-a'] as const;

/** What allows a special category (GDPR Article 9 (2)). */
export const SPECIAL_BASES = [
  'eu-gdpr:A9-2-a',
  'eu-gdpr:A9-2-b',
  'eu-gdpr:A9-2-c',
  'eu-gdpr:A9-2-d',
  'eu-gdpr:A9-2-e',
  'eu-gdpr:A9-2-f',
  'eu-gdpr:A9-2-g',
  'eu-gdpr:A9-2-h',
  'eu-gdpr:A9-2-i',
  'eu-gdpr:A9-2-j',
] as const;

/** Classes, properties and states that receipts are written with. */
export const RECEIPT_TERMS = [
  'dpv:ConsentReceipt',
  'dpv:ConsentRecord',
  'dpv:ConsentGiven',
  'dpv:RenewedConsentGiven',
  'dpv:ConsentWithdrawn',
  'dpv:ConsentExpired',
  'dpv:WithdrawConsent',
  'dpv:DataSubject',
  'dpv:DataController',
  'dpv:DataProcessor',
  'dpv:PersonalData',
  'dpv:Process',
  'dpv:Collect',
  'dpv:Use',
  'dpv:hasConsentControl',
  'dpv:hasConsentStatus',
  'dpv:hasDataController',
  'dpv:hasDataProcessor',
  'dpv:hasDataSubject',
  'dpv:hasDuration',
  'dpv:hasJurisdiction',
  'dpv:hasLegalBasis',
  'dpv:hasLocation',
  'dpv:hasName',
  'dpv:hasNotice',
  'dpv:hasPersonalData',
  'dpv:hasProcess',
  'dpv:hasProcessing',
  'dpv:hasPurpose',
  'dpv:hasRecipient',
  'dpv:hasRecordOfActivity',
  'dct:conformsTo',
  'dct:created',
  'dct:identifier',
  'dct:issued',
  'dct:language',
  'dct:title',
  'dct:valid',
] as const;

export const VENDORED_TERMS: ReadonlySet<string> = new Set([
  ...DPV_PURPOSES,
  ...CONSENT_BASES,
  ...SPECIAL_BASES,
  ...RECEIPT_TERMS,
]);

/** `dpv:DeliveryOfGoods` in full; `undefined` for a term that is not vendored. */
export function dpvIri(term: string): string | undefined {
  if (!VENDORED_TERMS.has(term)) return undefined;
  const at = term.indexOf(':');
  const namespace = DPV_NAMESPACES[term.slice(0, at) as keyof typeof DPV_NAMESPACES];
  return `${namespace}${term.slice(at + 1)}`;
}
