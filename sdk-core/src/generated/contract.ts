// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

/** Every error code: those of the wire and those that the SDK throws itself. */
export const ERRORS = {
  invalid_request: {
    title: 'Invalid request',
    detail: 'The request has a missing, unknown or malformed part.',
    fix: 'Compare the request with the reference. The member `errors`, where present, names the parts that are wrong.',
    retryable: false,
    where: ['core', 'cell'],
  },
  invalid_token: {
    title: 'Invalid access token',
    detail: 'The access token is missing, unknown, expired, revoked or meant for another cell.',
    fix: 'Send the access token of the signed-in person to the cell that it was issued for. When it is dead, let the person sign in again.',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  insufficient_user_authentication: {
    title: 'A fresher sign-in is needed',
    detail: 'The person signed in too long ago or not strongly enough for this request.',
    fix: 'Start a login with the `max_age` or `acr_values` that the `WWW-Authenticate` header names (RFC 9470).',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  consent_required: {
    title: 'Consent required',
    detail: 'No live consent of the person covers these attributes for this purpose.',
    fix: 'Ask the person for the attributes named in `attributes`, with this purpose, and do without them when the answer is no.',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  consent_expired: {
    title: 'Consent expired',
    detail: 'The consent of the person has passed its expiry.',
    fix: 'Ask the person again. The member `attributes` names what has expired.',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  processing_restricted: {
    title: 'Processing restricted',
    detail: 'The person has restricted the processing of their data (GDPR Article 18).',
    fix: 'Stop processing. Wait for the event `subject.unrestricted`.',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  special_category_refused: {
    title: 'Special category without a legal basis',
    detail: 'The attribute belongs to a special category of personal data (GDPR Article 9), and no legal basis was named.',
    fix: 'Do without it if you can. Else mark it as a special category and name the point of Article 9 (2) that allows it.',
    retryable: false,
    where: ['core'],
  },
  sealed_invalid: {
    title: 'Not a sealed envelope of this cell',
    detail: 'The sealed attributes are malformed or were changed.',
    fix: 'Send the envelope exactly as the cell gave it to you, as one string without spaces.',
    retryable: false,
    where: ['cell', 'sdk'],
  },
  sealed_mismatch: {
    title: 'Sealed for another purpose or order',
    detail: 'The envelope was sealed for another purpose or another order reference.',
    fix: 'Name the purpose and the order reference that you named when you had it sealed. For anything else, ask for a new envelope.',
    retryable: false,
    where: ['cell', 'sdk'],
  },
  sealed_not_open_yet: {
    title: 'Too early to unseal',
    detail: 'The window of the envelope has not begun.',
    fix: 'Try again when the time in `not_before`, which came with the envelope, is reached.',
    retryable: true,
    where: ['cell', 'sdk'],
  },
  sealed_expired: {
    title: 'Envelope expired',
    detail: 'The window of the envelope is over, and its key is destroyed.',
    fix: 'Delete the envelope. If the attributes are still needed, have them sealed again.',
    retryable: false,
    where: ['cell', 'sdk'],
  },
  sealed_destroyed: {
    title: 'Envelope destroyed',
    detail: 'The consent that the envelope was sealed under has ended, and its key is destroyed.',
    fix: 'Delete the envelope; nobody can open it any more. Ask the person if you still need the attributes.',
    retryable: false,
    where: ['cell', 'sdk'],
  },
  forbidden: {
    title: 'Forbidden',
    detail: 'The caller is known but may not do this.',
    fix: 'Check which site the credentials belong to and what that site is registered for.',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  csrf_rejected: {
    title: 'Form not accepted',
    detail: 'The form did not come from a page of this service, or the page was too old.',
    fix: 'Open the page again and submit the form from there.',
    retryable: false,
    where: ['core', 'cell'],
  },
  not_found: {
    title: 'Not found',
    detail: 'There is nothing here for this caller. What is unknown and what belongs to somebody else get the same answer.',
    fix: 'Check the identifier. A `user_ref` is valid for one site only.',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  method_not_allowed: {
    title: 'Method not allowed',
    detail: 'This address does not support the method.',
    fix: 'Use one of the methods in the `Allow` header.',
    retryable: false,
    where: ['core', 'cell'],
  },
  interaction_not_found: {
    title: 'Interaction not found',
    detail: 'The sign-in step is unknown, already used or belongs to another browser.',
    fix: 'Go back to the site and start again from there.',
    retryable: false,
    where: ['core', 'cell'],
  },
  interaction_expired: {
    title: 'Interaction expired',
    detail: 'The sign-in step was not finished in time.',
    fix: 'Go back to the site and start again from there.',
    retryable: false,
    where: ['core', 'cell'],
  },
  conflict: {
    title: 'Conflict',
    detail: 'The request contradicts the present state.',
    fix: '`detail` says what stands in the way. Change that first, or go on with what is there.',
    retryable: false,
    where: ['core', 'cell'],
  },
  payload_too_large: {
    title: 'Payload too large',
    detail: 'The request body is larger than this address accepts.',
    fix: 'Send less, or in parts.',
    retryable: false,
    where: ['core', 'cell'],
  },
  unsupported_media_type: {
    title: 'Unsupported media type',
    detail: 'The request body has a media type that this address does not read.',
    fix: 'Send `Content-Type: application/json`; the OAuth endpoints take `application/x-www-form-urlencoded`.',
    retryable: false,
    where: ['core', 'cell'],
  },
  unknown_attribute: {
    title: 'Unknown attribute',
    detail: 'A requested attribute is not in the catalogue, or this site is not registered for it.',
    fix: 'Use names of the attribute catalogue, and have the operator register the site for them.',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  purpose_required: {
    title: 'Purpose required',
    detail: 'Every read of attributes names its purpose; this one does not.',
    fix: 'Send `purpose` with the id of a purpose that is registered for the site.',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  unknown_purpose: {
    title: 'Unknown purpose',
    detail: 'The purpose is not registered for this site.',
    fix: 'Have the operator register the purpose with its text, or use one that is.',
    retryable: false,
    where: ['core', 'cell', 'sdk'],
  },
  rate_limited: {
    title: 'Too many requests',
    detail: 'The limit for this caller has been reached.',
    fix: 'Wait for the time in `Retry-After` and send less.',
    retryable: true,
    where: ['core', 'cell', 'sdk'],
  },
  integrity_error: {
    title: 'Stored data failed its integrity check',
    detail: 'A stored value did not pass its integrity check and was not released.',
    fix: 'Nothing to do for the caller. The operator finds the entry `vault.integrity` in the audit log.',
    retryable: false,
    where: ['cell'],
  },
  internal_error: {
    title: 'Internal error',
    detail: 'Something went wrong inside the service.',
    fix: 'Report the `request_id` to the operator.',
    retryable: false,
    where: ['core', 'cell'],
  },
  upstream_unavailable: {
    title: 'Sign-in service unavailable',
    detail: 'The sign-in service behind this cell did not answer or gave an unusable answer.',
    fix: 'Try again a little later. The operator checks the upstream sign-in service.',
    retryable: true,
    where: ['core', 'cell'],
  },
  service_unavailable: {
    title: 'Service unavailable',
    detail: 'A part that the service needs, such as the database, is away.',
    fix: 'Wait for the time in `Retry-After` and try again. Nothing was changed.',
    retryable: true,
    where: ['core', 'cell', 'sdk'],
  },
  config_invalid: {
    title: 'Configuration invalid',
    detail: 'An option is missing, unknown or malformed.',
    fix: 'Correct the options that the message names; each is listed with its rule.',
    retryable: false,
    where: ['sdk'],
  },
  discovery_failed: {
    title: 'Discovery failed',
    detail: 'The discovery document of the issuer could not be fetched or does not fit the issuer.',
    fix: 'Open `{issuer}/.well-known/openid-configuration` from this server: it must answer, and name the same `issuer`.',
    retryable: true,
    where: ['sdk'],
  },
  login_state_missing: {
    title: 'Login state missing',
    detail: 'The browser came back without the cookie of the login that it started.',
    fix: 'Start the login again. When it happens always, check that `baseUrl` is the address that the browser uses and that cookies are not blocked.',
    retryable: false,
    where: ['sdk'],
  },
  login_state_mismatch: {
    title: 'Login state mismatch',
    detail: 'The `state` that came back belongs to no login of this browser.',
    fix: 'Start the login again. Somebody may have tried to plant a login.',
    retryable: false,
    where: ['sdk'],
  },
  login_expired: {
    title: 'Login expired',
    detail: 'The login took longer than the allowed time.',
    fix: 'Start the login again.',
    retryable: false,
    where: ['sdk'],
  },
  login_request_refused: {
    title: 'Login request refused',
    detail: 'The core refused the request with which a login starts.',
    fix: '`invalid_client`: correct `site` or `siteSecret`. Otherwise register the redirect address, the attributes and the purpose for the site. `userref doctor` compares them with the core.',
    retryable: false,
    where: ['sdk'],
  },
  login_denied: {
    title: 'Login denied',
    detail: 'The person or the core declined the login.',
    fix: 'Show the page without a login and let the person try again.',
    retryable: false,
    where: ['sdk'],
  },
  login_loop: {
    title: 'Login loop',
    detail: 'This browser was sent to sign in several times within seconds and still has no session.',
    fix: 'Allow cookies for this site. When it happens to everybody, check that `baseUrl` is the address that the browser uses, and the clocks of this server and the core.',
    retryable: false,
    where: ['sdk'],
  },
  preview_refused: {
    title: 'Preview refused',
    detail: 'The core does not let this site sign people in at the address of its preview.',
    fix: "Use a core in test mode (`USERREF_MODE=test`), and register what your previews have in common there: `userref-core sites previews SITE 'https://*--shop.example'`. A bridge for PHP has the same in `USERREF_BRIDGE_PREVIEWS`. A live core takes registered addresses only.",
    retryable: false,
    where: ['sdk'],
  },
  issuer_mismatch: {
    title: 'Issuer mismatch',
    detail: 'The answer names another issuer than the one that the login was started with (RFC 9207).',
    fix: 'Start the login again. Check that `issuer` is exactly the issuer of the discovery document.',
    retryable: false,
    where: ['sdk'],
  },
  token_exchange_failed: {
    title: 'Token exchange failed',
    detail: 'The core refused to exchange the code for tokens.',
    fix: 'Check `site` and `siteSecret`. A code works once and for a minute only.',
    retryable: false,
    where: ['sdk'],
  },
  passport_malformed: {
    title: 'Passport refused: malformed',
    detail: 'The passport is not a compact JWT in canonical form.',
    fix: 'Pass the compact text alone: three parts with dots between, without `Bearer` and line breaks.',
    retryable: false,
    where: ['sdk'],
  },
  passport_alg_not_allowed: {
    title: 'Passport refused: alg not allowed',
    detail: 'The passport uses an algorithm that is not allowed for its key.',
    fix: 'Refuse it. Passports are signed with ES256, RS256 or EdDSA, by a key of that kind.',
    retryable: false,
    where: ['sdk'],
  },
  passport_key_unknown: {
    title: 'Passport refused: key unknown',
    detail: 'The passport is signed with a key that the issuer does not publish.',
    fix: 'Let the person sign in again. When it stays, check that `issuer` is right and its key set can be fetched.',
    retryable: false,
    where: ['sdk'],
  },
  passport_key_unusable: {
    title: 'Passport refused: key unusable',
    detail: 'The passport names a key that cannot be used for verifying signatures.',
    fix: "Refuse it, and tell the operator: the key of this id in the issuer's key set is none for signatures.",
    retryable: false,
    where: ['sdk'],
  },
  passport_signature_invalid: {
    title: 'Passport refused: signature invalid',
    detail: 'The passport has a signature that does not verify.',
    fix: "Refuse it. When it happens to all of them, check that the keys are the issuer's present ones.",
    retryable: false,
    where: ['sdk'],
  },
  passport_typ_invalid: {
    title: 'Passport refused: typ invalid',
    detail: 'The passport has a `typ` other than `JWT`.',
    fix: 'Pass the ID token of a login. Access tokens and logout tokens are no passports.',
    retryable: false,
    where: ['sdk'],
  },
  passport_issuer_invalid: {
    title: 'Passport refused: issuer invalid',
    detail: 'The passport was issued by another issuer.',
    fix: 'Check that `issuer` is exactly the issuer of the discovery document.',
    retryable: false,
    where: ['sdk'],
  },
  passport_audience_invalid: {
    title: 'Passport refused: audience invalid',
    detail: 'The passport was issued for another site; `aud` must be one string, the site.',
    fix: 'Check that `site` is the client id that the operator gave to this site.',
    retryable: false,
    where: ['sdk'],
  },
  passport_azp_invalid: {
    title: 'Passport refused: azp invalid',
    detail: 'The passport has an `azp` other than the site.',
    fix: 'Refuse it and let the person sign in again.',
    retryable: false,
    where: ['sdk'],
  },
  passport_expired: {
    title: 'Passport refused: expired',
    detail: 'The passport has expired.',
    fix: 'Let the person sign in again. When passports are always expired, check the clock of this server.',
    retryable: false,
    where: ['sdk'],
  },
  passport_not_yet_valid: {
    title: 'Passport refused: not yet valid',
    detail: 'The passport is not valid yet (`nbf`).',
    fix: 'Check the clock of this server.',
    retryable: false,
    where: ['sdk'],
  },
  passport_issued_in_future: {
    title: 'Passport refused: issued in future',
    detail: 'The passport was issued in the future.',
    fix: 'Check the clock of this server.',
    retryable: false,
    where: ['sdk'],
  },
  passport_claim_missing: {
    title: 'Passport refused: claim missing',
    detail: 'The passport lacks a required claim.',
    fix: 'Refuse it. When it happens to all of them, check that `issuer` is a Userref core: other providers issue no passports.',
    retryable: false,
    where: ['sdk'],
  },
  passport_claim_invalid: {
    title: 'Passport refused: claim invalid',
    detail: 'The passport has a claim of the wrong type or form.',
    fix: 'Refuse it and let the person sign in again.',
    retryable: false,
    where: ['sdk'],
  },
  passport_nonce_mismatch: {
    title: 'Passport refused: nonce mismatch',
    detail: 'The passport belongs to another login: its `nonce` differs.',
    fix: 'Refuse it and let the person sign in again.',
    retryable: false,
    where: ['sdk'],
  },
  passport_subject_invalid: {
    title: 'Passport refused: subject invalid',
    detail: 'The passport has a `sub` that is not a `user_ref`, or differs from `user_ref`.',
    fix: 'Refuse it and let the person sign in again.',
    retryable: false,
    where: ['sdk'],
  },
  passport_version_unknown: {
    title: 'Passport refused: version unknown',
    detail: 'The passport has an unknown `passport.v`.',
    fix: 'Update the SDK.',
    retryable: false,
    where: ['sdk'],
  },
  passport_crit_unsupported: {
    title: 'Passport refused: crit unsupported',
    detail: 'The passport has a critical header extension that this verifier does not know.',
    fix: 'Refuse it, and update the SDK.',
    retryable: false,
    where: ['sdk'],
  },
  passport_too_old: {
    title: 'Passport refused: too old',
    detail: 'The person signed in longer ago (`auth_time`) than is accepted.',
    fix: 'Start a login with `maxAgeSeconds`: the person is then asked to sign in anew.',
    retryable: false,
    where: ['sdk'],
  },
  passport_duplicate_member: {
    title: 'Passport refused: duplicate member',
    detail: 'The passport has a JSON object with the same member twice.',
    fix: 'Refuse it and let the person sign in again.',
    retryable: false,
    where: ['sdk'],
  },
  session_invalid: {
    title: 'Session invalid',
    detail: 'The session cookie was altered or sealed with an unknown secret.',
    fix: 'Treat the visitor as signed out. After a change of `sessionSecret` keep the old secret as the second one.',
    retryable: false,
    where: ['sdk'],
  },
  session_expired: {
    title: 'Session expired',
    detail: 'The session has reached its end.',
    fix: 'Let the person sign in again.',
    retryable: false,
    where: ['sdk'],
  },
  session_revoked: {
    title: 'Session revoked',
    detail: 'The session was ended by the person, the site or the operator.',
    fix: 'Treat the visitor as signed out.',
    retryable: false,
    where: ['sdk'],
  },
  not_signed_in: {
    title: 'Not signed in',
    detail: 'This needs a signed-in person.',
    fix: 'Start a login, or guard the route with `requireUser()`.',
    retryable: false,
    where: ['sdk'],
  },
  return_to_rejected: {
    title: 'Return address rejected',
    detail: '`returnTo` leads away from this site.',
    fix: 'Pass a path of this site, such as `/checkout`.',
    retryable: false,
    where: ['sdk'],
  },
  attributes_unavailable: {
    title: 'Attributes unavailable',
    detail: 'The cell gave an answer that cannot be used.',
    fix: 'Try again later; report the `request_id` to the operator when it stays.',
    retryable: true,
    where: ['sdk'],
  },
  webhook_signature_invalid: {
    title: 'Webhook signature invalid',
    detail: 'No signature of the webhook fits the secret and the exact body.',
    fix: 'Answer 401. Check `webhookSecret`, and that nothing changes the body on its way.',
    retryable: false,
    where: ['sdk'],
  },
  webhook_timestamp_invalid: {
    title: 'Webhook timestamp invalid',
    detail: 'The timestamp is malformed or more than 300 seconds off.',
    fix: 'Answer 401. Check the clock of this server.',
    retryable: false,
    where: ['sdk'],
  },
  webhook_headers_missing: {
    title: 'Webhook headers missing',
    detail: '`webhook-id`, `webhook-timestamp` or `webhook-signature` is missing or malformed.',
    fix: 'Answer 400. Check that no proxy drops the headers.',
    retryable: false,
    where: ['sdk'],
  },
  webhook_body_invalid: {
    title: 'Webhook body invalid',
    detail: 'The signed body is not an event of the contract.',
    fix: 'Answer 400 and update the SDK.',
    retryable: false,
    where: ['sdk'],
  },
  webhook_body_parsed: {
    title: 'Webhook body was parsed before',
    detail: 'The raw body is gone because another body parser read it first.',
    fix: 'Mount `userref()` before body parsers such as `express.json()`; on the Pages Router of Next.js set `bodyParser: false`.',
    retryable: false,
    where: ['sdk'],
  },
  webhook_replayed: {
    title: 'Webhook seen before',
    detail: 'A webhook with this id was handled already.',
    fix: 'Answer 2xx and do nothing.',
    retryable: false,
    where: ['sdk'],
  },
  passport_revoked: {
    title: 'Passport revoked',
    detail: 'The status list says that this passport was revoked.',
    fix: 'End the session and let the person sign in again.',
    retryable: false,
    where: ['sdk'],
  },
  passport_suspended: {
    title: 'Passport suspended',
    detail: 'The status list says that this passport is suspended.',
    fix: 'Refuse the request for now; a later status list may say otherwise.',
    retryable: false,
    where: ['sdk'],
  },
  passport_status_missing: {
    title: 'No status for this passport',
    detail: 'The passport names no place in a status list, or none of the given lists is the one that it names.',
    fix: 'Save the list that the passport names (`GET {core}/status/{list}`) and pass it along.',
    retryable: false,
    where: ['sdk'],
  },
  passport_status_stale: {
    title: 'Status list too old',
    detail: 'The status list is older than allowed, so a later revocation would not be in it.',
    fix: 'Fetch the list again. Offline, `allowStale` accepts an old list knowingly; one past its `exp` is never accepted.',
    retryable: false,
    where: ['sdk'],
  },
  passport_status_signature_invalid: {
    title: 'Status list not signed by the issuer',
    detail: 'The signature of the status list does not fit a published key of the issuer, or the list names another issuer.',
    fix: "Save the list again from the core, and the issuer's current key set with it.",
    retryable: false,
    where: ['sdk'],
  },
  passport_status_too_large: {
    title: 'Status list too large',
    detail: 'The status list is, or unpacks to, more than a verifier accepts.',
    fix: 'Report it to the operator of the core: no list of theirs is that large.',
    retryable: false,
    where: ['sdk'],
  },
  passport_status_index_invalid: {
    title: 'Place not in the status list',
    detail: 'The passport names a place that the status list does not have.',
    fix: 'Report it to the operator of the core. Do not accept the passport.',
    retryable: false,
    where: ['sdk'],
  },
  passport_status_invalid: {
    title: 'Status list malformed',
    detail: 'The status list is no well-formed Token Status List.',
    fix: 'Save the list again, as it comes, without line breaks.',
    retryable: false,
    where: ['sdk'],
  },
  logout_token_invalid: {
    title: 'Logout token refused',
    detail: 'The body holds no logout token of this issuer for this site.',
    fix: 'Check that the back-channel logout address registered at the core is this one. Answer 400.',
    retryable: false,
    where: ['sdk'],
  },
  logout_token_replayed: {
    title: 'Logout token used twice',
    detail: 'A logout token with this `jti` was handled before.',
    fix: 'Nothing: the core sends a fresh token at every attempt.',
    retryable: false,
    where: ['sdk'],
  },
  acknowledgement_invalid: {
    title: 'Acknowledgement not signed',
    detail: "The acknowledgement is not signed with the secret of one of the site's endpoints, or its timestamp is off.",
    fix: 'Sign `{webhook-id}.{webhook-timestamp}.{body}` with the webhook secret, as the core signs events, within five minutes.',
    retryable: false,
    where: ['core'],
  },
  bridge_unreachable: {
    title: 'Bridge unreachable',
    detail: 'The Userref bridge beside PHP gave no answer in time.',
    fix: 'Check that the bridge runs (`systemctl status userref-php-bridge`) and that PHP may open its socket. Sessions go on meanwhile.',
    retryable: true,
    where: ['sdk'],
  },
  bridge_unauthorized: {
    title: 'Bridge refused the secret',
    detail: 'The Userref bridge does not know the secret that it was asked with.',
    fix: "Give the PHP client one of the secrets in the bridge's `USERREF_BRIDGE_SECRET`.",
    retryable: false,
    where: ['sdk'],
  },
  network_failed: {
    title: 'Network failed',
    detail: 'No answer came from the core or the cell in time.',
    fix: 'Try again. Check that this server can reach the issuer.',
    retryable: true,
    where: ['sdk'],
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

/** The members of `data` that each event must have. */
export const EVENT_MEMBERS = {
  'session.revoked': ['user_ref', 'sid', 'reason'],
  'access.revoked': ['user_ref', 'reason'],
  'consent.granted': ['user_ref', 'consent_id', 'attributes', 'purpose'],
  'consent.withdrawn': ['user_ref', 'consent_id', 'attributes', 'purpose'],
  'consent.expired': ['user_ref', 'consent_id', 'attributes', 'purpose'],
  'attributes.changed': ['user_ref', 'attributes'],
  'subject.restricted': ['user_ref'],
  'subject.unrestricted': ['user_ref'],
  'subject.erased': ['user_ref', 'request_id'],
  'site.disabled': [],
  'site.enabled': [],
  'endpoint.test': [],
  'endpoint.disabled': ['endpoint_id', 'reason'],
} as const;
