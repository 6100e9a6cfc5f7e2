// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

/** Every error code that the core and the cell answer with. */
export const ERRORS = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    detail: 'The request has a missing, unknown or malformed part.',
    fix: 'Compare the request with the reference. The member `errors`, where present, names the parts that are wrong.',
    retryable: false,
  },
  invalid_token: {
    status: 401,
    title: 'Invalid access token',
    detail: 'The access token is missing, unknown, expired, revoked or meant for another cell.',
    fix: 'Send the access token of the signed-in person to the cell that it was issued for. When it is dead, let the person sign in again.',
    retryable: false,
  },
  insufficient_user_authentication: {
    status: 401,
    title: 'A fresher sign-in is needed',
    detail: 'The person signed in too long ago or not strongly enough for this request.',
    fix: 'Start a login with the `max_age` or `acr_values` that the `WWW-Authenticate` header names (RFC 9470).',
    retryable: false,
  },
  consent_required: {
    status: 403,
    title: 'Consent required',
    detail: 'No live consent of the person covers these attributes for this purpose.',
    fix: 'Ask the person for the attributes named in `attributes`, with this purpose, and do without them when the answer is no.',
    retryable: false,
  },
  consent_expired: {
    status: 403,
    title: 'Consent expired',
    detail: 'The consent of the person has passed its expiry.',
    fix: 'Ask the person again. The member `attributes` names what has expired.',
    retryable: false,
  },
  processing_restricted: {
    status: 403,
    title: 'Processing restricted',
    detail: 'The person has restricted the processing of their data (GDPR Article 18).',
    fix: 'Stop processing. Wait for the event `subject.unrestricted`.',
    retryable: false,
  },
  special_category_refused: {
    status: 422,
    title: 'Special category without a legal basis',
    detail: 'The attribute belongs to a special category of personal data (GDPR Article 9), and no legal basis was named.',
    fix: 'Do without it if you can. Else mark it as a special category and name the point of Article 9 (2) that allows it.',
    retryable: false,
  },
  sealed_invalid: {
    status: 400,
    title: 'Not a sealed envelope of this cell',
    detail: 'The sealed attributes are malformed or were changed.',
    fix: 'Send the envelope exactly as the cell gave it to you, as one string without spaces.',
    retryable: false,
  },
  sealed_mismatch: {
    status: 403,
    title: 'Sealed for another purpose or order',
    detail: 'The envelope was sealed for another purpose or another order reference.',
    fix: 'Name the purpose and the order reference that you named when you had it sealed. For anything else, ask for a new envelope.',
    retryable: false,
  },
  sealed_not_open_yet: {
    status: 403,
    title: 'Too early to unseal',
    detail: 'The window of the envelope has not begun.',
    fix: 'Try again when the time in `not_before`, which came with the envelope, is reached.',
    retryable: true,
  },
  sealed_expired: {
    status: 410,
    title: 'Envelope expired',
    detail: 'The window of the envelope is over, and its key is destroyed.',
    fix: 'Delete the envelope. If the attributes are still needed, have them sealed again.',
    retryable: false,
  },
  sealed_destroyed: {
    status: 410,
    title: 'Envelope destroyed',
    detail: 'The consent that the envelope was sealed under has ended, and its key is destroyed.',
    fix: 'Delete the envelope; nobody can open it any more. Ask the person if you still need the attributes.',
    retryable: false,
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    detail: 'The caller is known but may not do this.',
    fix: 'Check which site the credentials belong to and what that site is registered for.',
    retryable: false,
  },
  csrf_rejected: {
    status: 403,
    title: 'Form not accepted',
    detail: 'The form did not come from a page of this service, or the page was too old.',
    fix: 'Open the page again and submit the form from there.',
    retryable: false,
  },
  not_found: {
    status: 404,
    title: 'Not found',
    detail: 'There is nothing here for this caller. What is unknown and what belongs to somebody else get the same answer.',
    fix: 'Check the identifier. A `user_ref` is valid for one site only.',
    retryable: false,
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This address does not support the method.',
    fix: 'Use one of the methods in the `Allow` header.',
    retryable: false,
  },
  interaction_not_found: {
    status: 404,
    title: 'Interaction not found',
    detail: 'The sign-in step is unknown, already used or belongs to another browser.',
    fix: 'Go back to the site and start again from there.',
    retryable: false,
  },
  interaction_expired: {
    status: 410,
    title: 'Interaction expired',
    detail: 'The sign-in step was not finished in time.',
    fix: 'Go back to the site and start again from there.',
    retryable: false,
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    detail: 'The request contradicts the present state.',
    fix: '`detail` says what stands in the way. Change that first, or go on with what is there.',
    retryable: false,
  },
  payload_too_large: {
    status: 413,
    title: 'Payload too large',
    detail: 'The request body is larger than this address accepts.',
    fix: 'Send less, or in parts.',
    retryable: false,
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'The request body has a media type that this address does not read.',
    fix: 'Send `Content-Type: application/json`; the OAuth endpoints take `application/x-www-form-urlencoded`.',
    retryable: false,
  },
  unknown_attribute: {
    status: 400,
    title: 'Unknown attribute',
    detail: 'A requested attribute is not in the catalogue, or this site is not registered for it.',
    fix: 'Use names of the attribute catalogue, and have the operator register the site for them.',
    retryable: false,
  },
  purpose_required: {
    status: 400,
    title: 'Purpose required',
    detail: 'Every read of attributes names its purpose; this one does not.',
    fix: 'Send `purpose` with the id of a purpose that is registered for the site.',
    retryable: false,
  },
  unknown_purpose: {
    status: 400,
    title: 'Unknown purpose',
    detail: 'The purpose is not registered for this site.',
    fix: 'Have the operator register the purpose with its text, or use one that is.',
    retryable: false,
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'The limit for this caller has been reached.',
    fix: 'Wait for the time in `Retry-After` and send less.',
    retryable: true,
  },
  integrity_error: {
    status: 500,
    title: 'Stored data failed its integrity check',
    detail: 'A stored value did not pass its integrity check and was not released.',
    fix: 'Nothing to do for the caller. The operator finds the entry `vault.integrity` in the audit log.',
    retryable: false,
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong inside the service.',
    fix: 'Report the `request_id` to the operator.',
    retryable: false,
  },
  upstream_unavailable: {
    status: 502,
    title: 'Sign-in service unavailable',
    detail: 'The sign-in service behind this cell did not answer or gave an unusable answer.',
    fix: 'Try again a little later. The operator checks the upstream sign-in service.',
    retryable: true,
  },
  service_unavailable: {
    status: 503,
    title: 'Service unavailable',
    detail: 'A part that the service needs, such as the database, is away.',
    fix: 'Wait for the time in `Retry-After` and try again. Nothing was changed.',
    retryable: true,
  },
  acknowledgement_invalid: {
    status: 401,
    title: 'Acknowledgement not signed',
    detail: "The acknowledgement is not signed with the secret of one of the site's endpoints, or its timestamp is off.",
    fix: 'Sign `{webhook-id}.{webhook-timestamp}.{body}` with the webhook secret, as the core signs events, within five minutes.',
    retryable: false,
  },
} as const;

/** The code of an error; switch on it. Codes stay within a major version, and new ones may come. */
export type ErrorCode = keyof typeof ERRORS;

/** Every type of event that is sent as a webhook. */
export const EVENT_TYPES = [
  'session.revoked',
  'access.revoked',
  'consent.granted',
  'consent.withdrawn',
  'consent.expired',
  'attributes.changed',
  'subject.restricted',
  'subject.unrestricted',
  'subject.erased',
  'site.disabled',
  'site.enabled',
  'endpoint.test',
  'endpoint.disabled',
] as const;

/** The type of an event. */
export type EventType = (typeof EVENT_TYPES)[number];

/** Why a session or an access ended. More may be added: treat an unknown one as a plain end. */
export const REVOCATION_REASONS = [
  'signed_out',
  'consent_withdrawn',
  'disconnected_by_person',
  'revoked_by_site',
  'revoked_by_operator',
  'site_disabled',
  'token_misuse',
  'subject_erased',
] as const;

/** Why a session or an access ended. */
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/** `data` of each type of event. */
export interface EventData {
  /** One session of a user at this site has ended. The site must: End that session. */
  'session.revoked': { user_ref: string; sid: string; reason: RevocationReason };
  /** The site has lost its access to this user: every token of the user at this site is dead. The site must: End all sessions of the user. */
  'access.revoked': { user_ref: string; reason: RevocationReason };
  /** The person has agreed to share attributes for a purpose. The site must: Nothing. The attributes may be fetched now. */
  'consent.granted': { user_ref: string; consent_id: string; attributes: string[]; purpose: string };
  /** The person has withdrawn their consent. The site must: Stop using the attributes and purge every copy. */
  'consent.withdrawn': { user_ref: string; consent_id: string; attributes: string[]; purpose: string };
  /** A consent has reached its expiry. The site must: Stop using the attributes and purge every copy, or ask again. */
  'consent.expired': { user_ref: string; consent_id: string; attributes: string[]; purpose: string };
  /** The person has changed attributes that this site may read. The site must: Fetch them again if it needs to. */
  'attributes.changed': { user_ref: string; attributes: string[] };
  /** The person has restricted the processing of their data. The site must: Stop processing data of the user. */
  'subject.restricted': { user_ref: string };
  /** The restriction has been lifted. The site must: It may resume processing. */
  'subject.unrestricted': { user_ref: string };
  /** The person has been erased. The site must: Unlink what it keeps under this user_ref and confirm. */
  'subject.erased': { user_ref: string; request_id: string };
  /** The operator has disabled this site: no login and no read works. The site must: Nothing. */
  'site.disabled': Record<string, never>;
  /** The operator has enabled this site again. The site must: Nothing. */
  'site.enabled': Record<string, never>;
  /** The operator has sent a test. The site must: Nothing beyond the 2xx answer. */
  'endpoint.test': Record<string, never>;
  /** An endpoint of this site was disabled, because it is gone or failed for 72 hours. The site must: Repair it and ask the operator to resume it. */
  'endpoint.disabled': { endpoint_id: string; reason: string };
}

/** The body of a webhook. `timestamp` is RFC 3339 in UTC. */
export type WebhookEvent = {
  [Type in EventType]: { type: Type; timestamp: string; data: EventData[Type] };
}[EventType];

/** Names of the default catalogue; operators may add their own. */
export const ATTRIBUTE_NAMES = [
  'profile:name',
  'profile:given_name',
  'profile:family_name',
  'profile:birthdate',
  'profile:locale',
  'profile:citizenship',
  'contact:email',
  'contact:phone',
  'address:shipping',
  'address:billing',
  'age:over_16',
  'age:over_18',
  'address:country',
] as const;

/** An attribute of the default catalogue. */
export type AttributeName = (typeof ATTRIBUTE_NAMES)[number];

/** The value of each attribute as the cell releases it. */
export interface AttributeValues {
  'profile:name': string;
  'profile:given_name': string;
  'profile:family_name': string;
  'profile:birthdate': string;
  'profile:locale': string;
  'profile:citizenship': string;
  'contact:email': string;
  'contact:phone': string;
  'address:shipping': {
    recipient?: string;
    street_address: string;
    locality: string;
    region?: string;
    postal_code?: string;
    country: string;
  };
  'address:billing': {
    recipient?: string;
    street_address: string;
    locality: string;
    region?: string;
    postal_code?: string;
    country: string;
  };
  'age:over_16': boolean;
  'age:over_18': boolean;
  'address:country': string;
}

/** Scopes besides the attribute scopes. */
export const SCOPES = ['openid', 'offline_access', 'sealed'] as const;

export type Scope = (typeof SCOPES)[number];

/** How surely the person was recognised. */
export const ASSURANCE_LEVELS = ['low', 'substantial', 'high'] as const;
/** From the least sure to the surest. */
export type AssuranceLevel = (typeof ASSURANCE_LEVELS)[number];

/** The version of the passport that this code writes and reads. */
export const PASSPORT_VERSION = 1;

export interface PassportBody {
  v: typeof PASSPORT_VERSION;
  consents: string[];
  assurance_level: AssuranceLevel;
}

/** Claims of a passport (an ID token). Times are Unix seconds. */
export interface PassportClaims {
  /** The issuer: an https address, compared exactly. */
  iss: string;
  /** The site, as a single string. An array is refused. */
  aud: string;
  /** When present, equal to the site. */
  azp?: string;
  /** The `user_ref`: `ppid_` and 26 characters of lower-case base32. Another site sees another one. */
  sub: string;
  /** Equal to `sub`. */
  user_ref: string;
  /** `v`: version of the passport, an unknown one is refused. `consents`: names of the attributes with a live consent at issue time, sorted. `assurance_level`: `low`, `substantial` or `high`. */
  passport: PassportBody;
  /** The tenant of the core that the site belongs to. */
  tenant: string;
  /** Equal to `aud`. */
  site: string;
  /** The session at the core; `session.revoked` names it. Each site sees its own. */
  sid: string;
  /** Authentication context class (OpenID Connect Core §2). */
  acr?: string;
  /** Authentication methods (RFC 8176). */
  amr?: string[];
  /** When the person last signed in. */
  auth_time: number;
  /** The `nonce` of the login request; present when the request had one. */
  nonce?: string;
  /** Hash of the access token (OpenID Connect Core §3.1.3.6). */
  at_hash?: string;
  /** `status_list`: place of this passport in a status list of its site, `idx` and `uri` (Token Status List). Passports of the core always have it. */
  status?: { status_list: { idx: number; uri: string } };
  /** Time of issue. */
  iat: number;
  /** Not valid before. */
  nbf?: number;
  /** Time of expiry, at most one hour after issue by default. */
  exp: number;
}

/** Every action that an audit entry may name. */
export const AUDIT_ACTIONS = [
  'site.registered',
  'site.changed',
  'site.secret_rotated',
  'purpose.registered',
  'subject.created',
  'site.connected',
  'login.finished',
  'login.denied',
  'passport.issued',
  'token.refreshed',
  'token.revoked',
  'code.replayed',
  'refresh_token.reused',
  'grant.revoked',
  'session.ended',
  'signing_key.rotated',
  'webhook.endpoint_registered',
  'webhook.enqueued',
  'webhook.delivered',
  'webhook.parked',
  'webhook.replayed',
  'webhook.endpoint_disabled',
  'consent_change.received',
  'access.revoked',
  'session.revoked',
  'webhook.endpoint_paused',
  'webhook.endpoint_resumed',
  'webhook.recovered',
  'webhook.confirmed',
  'person.created',
  'profile.imported',
  'account.signed_in',
  'account.sign_in_failed',
  'account.signed_out',
  'interaction.started',
  'interaction.finished',
  'consent.granted',
  'consent.denied',
  'consent.withdrawn',
  'consent.expired',
  'attributes.released',
  'attributes.refused',
  'attributes.sealed',
  'attributes.unsealed',
  'attributes.unseal_refused',
  'own_attributes.read',
  'own_attributes.changed',
  'own_data.exported',
  'account.deletion_requested',
  'account.deletion_cancelled',
  'vault.integrity',
  'vault.key_created',
  'vault.key_rotated',
  'vault.rotation_started',
  'vault.rotation_finished',
  'vault.floor_raised',
  'vault.root_key_changed',
  'vault.root_key_retired',
  'vault.quarantined',
  'vault.quarantine_lifted',
  'audit.log_begun',
  'vault.key_destroyed',
  'people.looked_up',
  'people.lookup_refused',
  'audit.signer_rotated',
  'subject.erased',
  'subject.erasure_replayed',
  'person.erased',
  'person.erasure_replayed',
  'attribute.registered',
  'attribute.published',
  'purpose.published',
  'site.disconnected',
  'site.disconnect_requested',
  'consent.receipt_issued',
  'receipt_key.rotated',
  'profile.refreshed',
  'profile.removed',
  'profile.kept',
  'upstream.account_suspended',
  'upstream.account_resumed',
  'upstream.account_deleted',
  'upstream.account_forgotten',
  'upstream.account_left',
  'upstream.sessions_ended',
  'upstream.change_missed',
  'upstream.reconciled',
  'upstream.deletions_held',
  'fingerprints.exported',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** The default catalogue of attributes; `class` parts the data keys. */
export const ATTRIBUTE_CATALOGUE = [
  {
    name: 'profile:name',
    class: 'identity',
    schema_version: 1,
    predicate: false,
    mask: 'initials',
    schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
    labels: {
      en: 'Full name',
      ru: 'Полное имя',
      de: 'Vollständiger Name',
      fr: 'Nom complet',
      es: 'Nombre completo',
      ar: 'الاسم الكامل',
      he: 'שם מלא',
    },
  },
  {
    name: 'profile:given_name',
    class: 'identity',
    schema_version: 1,
    predicate: false,
    mask: 'initials',
    schema: { type: 'string', minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
    labels: {
      en: 'Given name',
      ru: 'Имя',
      de: 'Vorname',
      fr: 'Prénom',
      es: 'Nombre de pila',
      ar: 'الاسم الأول',
      he: 'שם פרטי',
    },
  },
  {
    name: 'profile:family_name',
    class: 'identity',
    schema_version: 1,
    predicate: false,
    mask: 'initials',
    schema: { type: 'string', minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
    labels: {
      en: 'Family name',
      ru: 'Фамилия',
      de: 'Nachname',
      fr: 'Nom de famille',
      es: 'Apellidos',
      ar: 'اسم العائلة',
      he: 'שם משפחה',
    },
  },
  {
    name: 'profile:birthdate',
    class: 'identity',
    schema_version: 1,
    predicate: false,
    mask: 'year',
    schema: { type: 'string', format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
    labels: {
      en: 'Date of birth',
      ru: 'Дата рождения',
      de: 'Geburtsdatum',
      fr: 'Date de naissance',
      es: 'Fecha de nacimiento',
      ar: 'تاريخ الميلاد',
      he: 'תאריך לידה',
    },
  },
  {
    name: 'profile:locale',
    class: 'identity',
    schema_version: 1,
    predicate: false,
    mask: 'none',
    schema: {
      type: 'string',
      maxLength: 35,
      pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}$',
      description: 'BCP 47',
    },
    labels: {
      en: 'Preferred language',
      ru: 'Предпочитаемый язык',
      de: 'Bevorzugte Sprache',
      fr: 'Langue préférée',
      es: 'Idioma preferido',
      ar: 'اللغة المفضلة',
      he: 'שפה מועדפת',
    },
  },
  {
    name: 'profile:citizenship',
    class: 'identity',
    schema_version: 1,
    predicate: false,
    mask: 'none',
    schema: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' },
    labels: {
      en: 'Citizenship',
      ru: 'Гражданство',
      de: 'Staatsangehörigkeit',
      fr: 'Nationalité',
      es: 'Nacionalidad',
      ar: 'الجنسية',
      he: 'אזרחות',
    },
  },
  {
    name: 'contact:email',
    class: 'contact',
    schema_version: 1,
    predicate: false,
    mask: 'email',
    schema: {
      type: 'string',
      minLength: 3,
      maxLength: 320,
      pattern: '^[^\\s\\u0000-\\u001f\\u007f@]{1,64}@[^\\s\\u0000-\\u001f\\u007f@]{1,255}$',
    },
    labels: {
      en: 'E-mail address',
      ru: 'Адрес электронной почты',
      de: 'E-Mail-Adresse',
      fr: 'Adresse e-mail',
      es: 'Correo electrónico',
      ar: 'البريد الإلكتروني',
      he: 'כתובת דוא״ל',
    },
  },
  {
    name: 'contact:phone',
    class: 'contact',
    schema_version: 1,
    predicate: false,
    mask: 'last_digits',
    schema: { type: 'string', pattern: '^\\+[1-9][0-9]{6,14}$', description: 'E.164' },
    labels: {
      en: 'Phone number',
      ru: 'Номер телефона',
      de: 'Telefonnummer',
      fr: 'Numéro de téléphone',
      es: 'Número de teléfono',
      ar: 'رقم الهاتف',
      he: 'מספר טלפון',
    },
  },
  {
    name: 'address:shipping',
    class: 'address',
    schema_version: 1,
    predicate: false,
    mask: 'locality',
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['street_address', 'locality', 'country'],
      properties: {
        recipient: {
          type: 'string',
          minLength: 1,
          maxLength: 200,
          pattern: '^[^\\u0000-\\u001f\\u007f]+$',
          description: 'Who receives, when it is not the person themselves',
        },
        street_address: {
          type: 'string',
          minLength: 1,
          maxLength: 400,
          pattern: '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f]+$',
          description: 'Street, house number and so on; lines are parted by a line feed',
        },
        locality: { type: 'string', minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
        region: { type: 'string', minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
        postal_code: { type: 'string', minLength: 1, maxLength: 20, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
        country: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' },
      },
    },
    labels: {
      en: 'Delivery address',
      ru: 'Адрес доставки',
      de: 'Lieferadresse',
      fr: 'Adresse de livraison',
      es: 'Dirección de entrega',
      ar: 'عنوان التوصيل',
      he: 'כתובת למשלוח',
    },
  },
  {
    name: 'address:billing',
    class: 'address',
    schema_version: 1,
    predicate: false,
    mask: 'locality',
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['street_address', 'locality', 'country'],
      properties: {
        recipient: {
          type: 'string',
          minLength: 1,
          maxLength: 200,
          pattern: '^[^\\u0000-\\u001f\\u007f]+$',
          description: 'Who receives, when it is not the person themselves',
        },
        street_address: {
          type: 'string',
          minLength: 1,
          maxLength: 400,
          pattern: '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f]+$',
          description: 'Street, house number and so on; lines are parted by a line feed',
        },
        locality: { type: 'string', minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
        region: { type: 'string', minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
        postal_code: { type: 'string', minLength: 1, maxLength: 20, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
        country: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' },
      },
    },
    labels: {
      en: 'Billing address',
      ru: 'Адрес для счёта',
      de: 'Rechnungsadresse',
      fr: 'Adresse de facturation',
      es: 'Dirección de facturación',
      ar: 'عنوان الفوترة',
      he: 'כתובת לחיוב',
    },
  },
  {
    name: 'age:over_16',
    class: 'identity',
    schema_version: 1,
    predicate: true,
    derived: { from: 'profile:birthdate', rule: 'age_at_least', years: 16 },
    mask: 'none',
    schema: { type: 'boolean' },
    labels: {
      en: 'Is 16 or older (yes or no)',
      ru: 'Есть 16 лет (да или нет)',
      de: 'Ist mindestens 16 (ja oder nein)',
      fr: 'A 16 ans ou plus (oui ou non)',
      es: 'Tiene 16 años o más (sí o no)',
      ar: 'العمر 16 سنة أو أكثر (نعم أو لا)',
      he: 'בגיל 16 ומעלה (כן או לא)',
    },
  },
  {
    name: 'age:over_18',
    class: 'identity',
    schema_version: 1,
    predicate: true,
    derived: { from: 'profile:birthdate', rule: 'age_at_least', years: 18 },
    mask: 'none',
    schema: { type: 'boolean' },
    labels: {
      en: 'Is 18 or older (yes or no)',
      ru: 'Есть 18 лет (да или нет)',
      de: 'Ist mindestens 18 (ja oder nein)',
      fr: 'A 18 ans ou plus (oui ou non)',
      es: 'Tiene 18 años o más (sí o no)',
      ar: 'العمر 18 سنة أو أكثر (نعم أو لا)',
      he: 'בגיל 18 ומעלה (כן או לא)',
    },
  },
  {
    name: 'address:country',
    class: 'address',
    schema_version: 1,
    predicate: false,
    derived: { from: 'address:shipping', rule: 'country' },
    mask: 'none',
    schema: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' },
    labels: {
      en: 'Country of the delivery address',
      ru: 'Страна доставки',
      de: 'Land der Lieferadresse',
      fr: 'Pays de livraison',
      es: 'País de entrega',
      ar: 'بلد التوصيل',
      he: 'ארץ המשלוח',
    },
  },
] as const;

/** The classes of attributes. */
export const ATTRIBUTE_CLASSES = ['identity', 'contact', 'address'] as const;

export type AttributeClass = (typeof ATTRIBUTE_CLASSES)[number];
