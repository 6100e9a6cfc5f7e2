<?php

// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

declare(strict_types=1);

namespace Userref\Contract;

/** Every error code: those of the wire and those that a client throws by itself. They stay stable. */
enum ErrorCode: string
{
    case InvalidRequest = 'invalid_request';
    case InvalidToken = 'invalid_token';
    case InsufficientUserAuthentication = 'insufficient_user_authentication';
    case ConsentRequired = 'consent_required';
    case ConsentExpired = 'consent_expired';
    case ProcessingRestricted = 'processing_restricted';
    case SpecialCategoryRefused = 'special_category_refused';
    case SealedInvalid = 'sealed_invalid';
    case SealedMismatch = 'sealed_mismatch';
    case SealedNotOpenYet = 'sealed_not_open_yet';
    case SealedExpired = 'sealed_expired';
    case SealedDestroyed = 'sealed_destroyed';
    case Forbidden = 'forbidden';
    case CsrfRejected = 'csrf_rejected';
    case NotFound = 'not_found';
    case MethodNotAllowed = 'method_not_allowed';
    case InteractionNotFound = 'interaction_not_found';
    case InteractionExpired = 'interaction_expired';
    case Conflict = 'conflict';
    case PayloadTooLarge = 'payload_too_large';
    case UnsupportedMediaType = 'unsupported_media_type';
    case UnknownAttribute = 'unknown_attribute';
    case PurposeRequired = 'purpose_required';
    case UnknownPurpose = 'unknown_purpose';
    case RateLimited = 'rate_limited';
    case IntegrityError = 'integrity_error';
    case InternalError = 'internal_error';
    case UpstreamUnavailable = 'upstream_unavailable';
    case ServiceUnavailable = 'service_unavailable';
    case ConfigInvalid = 'config_invalid';
    case DiscoveryFailed = 'discovery_failed';
    case LoginStateMissing = 'login_state_missing';
    case LoginStateMismatch = 'login_state_mismatch';
    case LoginExpired = 'login_expired';
    case LoginRequestRefused = 'login_request_refused';
    case LoginDenied = 'login_denied';
    case LoginLoop = 'login_loop';
    case PreviewRefused = 'preview_refused';
    case IssuerMismatch = 'issuer_mismatch';
    case TokenExchangeFailed = 'token_exchange_failed';
    case PassportMalformed = 'passport_malformed';
    case PassportAlgNotAllowed = 'passport_alg_not_allowed';
    case PassportKeyUnknown = 'passport_key_unknown';
    case PassportKeyUnusable = 'passport_key_unusable';
    case PassportSignatureInvalid = 'passport_signature_invalid';
    case PassportTypInvalid = 'passport_typ_invalid';
    case PassportIssuerInvalid = 'passport_issuer_invalid';
    case PassportAudienceInvalid = 'passport_audience_invalid';
    case PassportAzpInvalid = 'passport_azp_invalid';
    case PassportExpired = 'passport_expired';
    case PassportNotYetValid = 'passport_not_yet_valid';
    case PassportIssuedInFuture = 'passport_issued_in_future';
    case PassportClaimMissing = 'passport_claim_missing';
    case PassportClaimInvalid = 'passport_claim_invalid';
    case PassportNonceMismatch = 'passport_nonce_mismatch';
    case PassportSubjectInvalid = 'passport_subject_invalid';
    case PassportVersionUnknown = 'passport_version_unknown';
    case PassportCritUnsupported = 'passport_crit_unsupported';
    case PassportTooOld = 'passport_too_old';
    case PassportDuplicateMember = 'passport_duplicate_member';
    case SessionInvalid = 'session_invalid';
    case SessionExpired = 'session_expired';
    case SessionRevoked = 'session_revoked';
    case NotSignedIn = 'not_signed_in';
    case ReturnToRejected = 'return_to_rejected';
    case AttributesUnavailable = 'attributes_unavailable';
    case WebhookSignatureInvalid = 'webhook_signature_invalid';
    case WebhookTimestampInvalid = 'webhook_timestamp_invalid';
    case WebhookHeadersMissing = 'webhook_headers_missing';
    case WebhookBodyInvalid = 'webhook_body_invalid';
    case WebhookBodyParsed = 'webhook_body_parsed';
    case WebhookReplayed = 'webhook_replayed';
    case PassportRevoked = 'passport_revoked';
    case PassportSuspended = 'passport_suspended';
    case PassportStatusMissing = 'passport_status_missing';
    case PassportStatusStale = 'passport_status_stale';
    case PassportStatusSignatureInvalid = 'passport_status_signature_invalid';
    case PassportStatusTooLarge = 'passport_status_too_large';
    case PassportStatusIndexInvalid = 'passport_status_index_invalid';
    case PassportStatusInvalid = 'passport_status_invalid';
    case LogoutTokenInvalid = 'logout_token_invalid';
    case LogoutTokenReplayed = 'logout_token_replayed';
    case AcknowledgementInvalid = 'acknowledgement_invalid';
    case BridgeUnreachable = 'bridge_unreachable';
    case BridgeUnauthorized = 'bridge_unauthorized';
    case NetworkFailed = 'network_failed';

    /** Short title. */
    public function title(): string
    {
        return match ($this) {
            self::InvalidRequest => 'Invalid request',
            self::InvalidToken => 'Invalid access token',
            self::InsufficientUserAuthentication => 'A fresher sign-in is needed',
            self::ConsentRequired => 'Consent required',
            self::ConsentExpired => 'Consent expired',
            self::ProcessingRestricted => 'Processing restricted',
            self::SpecialCategoryRefused => 'Special category without a legal basis',
            self::SealedInvalid => 'Not a sealed envelope of this cell',
            self::SealedMismatch => 'Sealed for another purpose or order',
            self::SealedNotOpenYet => 'Too early to unseal',
            self::SealedExpired => 'Envelope expired',
            self::SealedDestroyed => 'Envelope destroyed',
            self::Forbidden => 'Forbidden',
            self::CsrfRejected => 'Form not accepted',
            self::NotFound => 'Not found',
            self::MethodNotAllowed => 'Method not allowed',
            self::InteractionNotFound => 'Interaction not found',
            self::InteractionExpired => 'Interaction expired',
            self::Conflict => 'Conflict',
            self::PayloadTooLarge => 'Payload too large',
            self::UnsupportedMediaType => 'Unsupported media type',
            self::UnknownAttribute => 'Unknown attribute',
            self::PurposeRequired => 'Purpose required',
            self::UnknownPurpose => 'Unknown purpose',
            self::RateLimited => 'Too many requests',
            self::IntegrityError => 'Stored data failed its integrity check',
            self::InternalError => 'Internal error',
            self::UpstreamUnavailable => 'Sign-in service unavailable',
            self::ServiceUnavailable => 'Service unavailable',
            self::ConfigInvalid => 'Configuration invalid',
            self::DiscoveryFailed => 'Discovery failed',
            self::LoginStateMissing => 'Login state missing',
            self::LoginStateMismatch => 'Login state mismatch',
            self::LoginExpired => 'Login expired',
            self::LoginRequestRefused => 'Login request refused',
            self::LoginDenied => 'Login denied',
            self::LoginLoop => 'Login loop',
            self::PreviewRefused => 'Preview refused',
            self::IssuerMismatch => 'Issuer mismatch',
            self::TokenExchangeFailed => 'Token exchange failed',
            self::PassportMalformed => 'Passport refused: malformed',
            self::PassportAlgNotAllowed => 'Passport refused: alg not allowed',
            self::PassportKeyUnknown => 'Passport refused: key unknown',
            self::PassportKeyUnusable => 'Passport refused: key unusable',
            self::PassportSignatureInvalid => 'Passport refused: signature invalid',
            self::PassportTypInvalid => 'Passport refused: typ invalid',
            self::PassportIssuerInvalid => 'Passport refused: issuer invalid',
            self::PassportAudienceInvalid => 'Passport refused: audience invalid',
            self::PassportAzpInvalid => 'Passport refused: azp invalid',
            self::PassportExpired => 'Passport refused: expired',
            self::PassportNotYetValid => 'Passport refused: not yet valid',
            self::PassportIssuedInFuture => 'Passport refused: issued in future',
            self::PassportClaimMissing => 'Passport refused: claim missing',
            self::PassportClaimInvalid => 'Passport refused: claim invalid',
            self::PassportNonceMismatch => 'Passport refused: nonce mismatch',
            self::PassportSubjectInvalid => 'Passport refused: subject invalid',
            self::PassportVersionUnknown => 'Passport refused: version unknown',
            self::PassportCritUnsupported => 'Passport refused: crit unsupported',
            self::PassportTooOld => 'Passport refused: too old',
            self::PassportDuplicateMember => 'Passport refused: duplicate member',
            self::SessionInvalid => 'Session invalid',
            self::SessionExpired => 'Session expired',
            self::SessionRevoked => 'Session revoked',
            self::NotSignedIn => 'Not signed in',
            self::ReturnToRejected => 'Return address rejected',
            self::AttributesUnavailable => 'Attributes unavailable',
            self::WebhookSignatureInvalid => 'Webhook signature invalid',
            self::WebhookTimestampInvalid => 'Webhook timestamp invalid',
            self::WebhookHeadersMissing => 'Webhook headers missing',
            self::WebhookBodyInvalid => 'Webhook body invalid',
            self::WebhookBodyParsed => 'Webhook body was parsed before',
            self::WebhookReplayed => 'Webhook seen before',
            self::PassportRevoked => 'Passport revoked',
            self::PassportSuspended => 'Passport suspended',
            self::PassportStatusMissing => 'No status for this passport',
            self::PassportStatusStale => 'Status list too old',
            self::PassportStatusSignatureInvalid => 'Status list not signed by the issuer',
            self::PassportStatusTooLarge => 'Status list too large',
            self::PassportStatusIndexInvalid => 'Place not in the status list',
            self::PassportStatusInvalid => 'Status list malformed',
            self::LogoutTokenInvalid => 'Logout token refused',
            self::LogoutTokenReplayed => 'Logout token used twice',
            self::AcknowledgementInvalid => 'Acknowledgement not signed',
            self::BridgeUnreachable => 'Bridge unreachable',
            self::BridgeUnauthorized => 'Bridge refused the secret',
            self::NetworkFailed => 'Network failed',
        };
    }

    /** What happened, in general. */
    public function detail(): string
    {
        return match ($this) {
            self::InvalidRequest => 'The request has a missing, unknown or malformed part.',
            self::InvalidToken => 'The access token is missing, unknown, expired, revoked or meant for another cell.',
            self::InsufficientUserAuthentication => 'The person signed in too long ago or not strongly enough for this request.',
            self::ConsentRequired => 'No live consent of the person covers these attributes for this purpose.',
            self::ConsentExpired => 'The consent of the person has passed its expiry.',
            self::ProcessingRestricted => 'The person has restricted the processing of their data (GDPR Article 18).',
            self::SpecialCategoryRefused => 'The attribute belongs to a special category of personal data (GDPR Article 9), and no legal basis was named.',
            self::SealedInvalid => 'The sealed attributes are malformed or were changed.',
            self::SealedMismatch => 'The envelope was sealed for another purpose or another order reference.',
            self::SealedNotOpenYet => 'The window of the envelope has not begun.',
            self::SealedExpired => 'The window of the envelope is over, and its key is destroyed.',
            self::SealedDestroyed => 'The consent that the envelope was sealed under has ended, and its key is destroyed.',
            self::Forbidden => 'The caller is known but may not do this.',
            self::CsrfRejected => 'The form did not come from a page of this service, or the page was too old.',
            self::NotFound => 'There is nothing here for this caller. What is unknown and what belongs to somebody else get the same answer.',
            self::MethodNotAllowed => 'This address does not support the method.',
            self::InteractionNotFound => 'The sign-in step is unknown, already used or belongs to another browser.',
            self::InteractionExpired => 'The sign-in step was not finished in time.',
            self::Conflict => 'The request contradicts the present state.',
            self::PayloadTooLarge => 'The request body is larger than this address accepts.',
            self::UnsupportedMediaType => 'The request body has a media type that this address does not read.',
            self::UnknownAttribute => 'A requested attribute is not in the catalogue, or this site is not registered for it.',
            self::PurposeRequired => 'Every read of attributes names its purpose; this one does not.',
            self::UnknownPurpose => 'The purpose is not registered for this site.',
            self::RateLimited => 'The limit for this caller has been reached.',
            self::IntegrityError => 'A stored value did not pass its integrity check and was not released.',
            self::InternalError => 'Something went wrong inside the service.',
            self::UpstreamUnavailable => 'The sign-in service behind this cell did not answer or gave an unusable answer.',
            self::ServiceUnavailable => 'A part that the service needs, such as the database, is away.',
            self::ConfigInvalid => 'An option is missing, unknown or malformed.',
            self::DiscoveryFailed => 'The discovery document of the issuer could not be fetched or does not fit the issuer.',
            self::LoginStateMissing => 'The browser came back without the cookie of the login that it started.',
            self::LoginStateMismatch => 'The `state` that came back belongs to no login of this browser.',
            self::LoginExpired => 'The login took longer than the allowed time.',
            self::LoginRequestRefused => 'The core refused the request with which a login starts.',
            self::LoginDenied => 'The person or the core declined the login.',
            self::LoginLoop => 'This browser was sent to sign in several times within seconds and still has no session.',
            self::PreviewRefused => 'The core does not let this site sign people in at the address of its preview.',
            self::IssuerMismatch => 'The answer names another issuer than the one that the login was started with (RFC 9207).',
            self::TokenExchangeFailed => 'The core refused to exchange the code for tokens.',
            self::PassportMalformed => 'The passport is not a compact JWT in canonical form.',
            self::PassportAlgNotAllowed => 'The passport uses an algorithm that is not allowed for its key.',
            self::PassportKeyUnknown => 'The passport is signed with a key that the issuer does not publish.',
            self::PassportKeyUnusable => 'The passport names a key that cannot be used for verifying signatures.',
            self::PassportSignatureInvalid => 'The passport has a signature that does not verify.',
            self::PassportTypInvalid => 'The passport has a `typ` other than `JWT`.',
            self::PassportIssuerInvalid => 'The passport was issued by another issuer.',
            self::PassportAudienceInvalid => 'The passport was issued for another site; `aud` must be one string, the site.',
            self::PassportAzpInvalid => 'The passport has an `azp` other than the site.',
            self::PassportExpired => 'The passport has expired.',
            self::PassportNotYetValid => 'The passport is not valid yet (`nbf`).',
            self::PassportIssuedInFuture => 'The passport was issued in the future.',
            self::PassportClaimMissing => 'The passport lacks a required claim.',
            self::PassportClaimInvalid => 'The passport has a claim of the wrong type or form.',
            self::PassportNonceMismatch => 'The passport belongs to another login: its `nonce` differs.',
            self::PassportSubjectInvalid => 'The passport has a `sub` that is not a `user_ref`, or differs from `user_ref`.',
            self::PassportVersionUnknown => 'The passport has an unknown `passport.v`.',
            self::PassportCritUnsupported => 'The passport has a critical header extension that this verifier does not know.',
            self::PassportTooOld => 'The person signed in longer ago (`auth_time`) than is accepted.',
            self::PassportDuplicateMember => 'The passport has a JSON object with the same member twice.',
            self::SessionInvalid => 'The session cookie was altered or sealed with an unknown secret.',
            self::SessionExpired => 'The session has reached its end.',
            self::SessionRevoked => 'The session was ended by the person, the site or the operator.',
            self::NotSignedIn => 'This needs a signed-in person.',
            self::ReturnToRejected => '`returnTo` leads away from this site.',
            self::AttributesUnavailable => 'The cell gave an answer that cannot be used.',
            self::WebhookSignatureInvalid => 'No signature of the webhook fits the secret and the exact body.',
            self::WebhookTimestampInvalid => 'The timestamp is malformed or more than 300 seconds off.',
            self::WebhookHeadersMissing => '`webhook-id`, `webhook-timestamp` or `webhook-signature` is missing or malformed.',
            self::WebhookBodyInvalid => 'The signed body is not an event of the contract.',
            self::WebhookBodyParsed => 'The raw body is gone because another body parser read it first.',
            self::WebhookReplayed => 'A webhook with this id was handled already.',
            self::PassportRevoked => 'The status list says that this passport was revoked.',
            self::PassportSuspended => 'The status list says that this passport is suspended.',
            self::PassportStatusMissing => 'The passport names no place in a status list, or none of the given lists is the one that it names.',
            self::PassportStatusStale => 'The status list is older than allowed, so a later revocation would not be in it.',
            self::PassportStatusSignatureInvalid => 'The signature of the status list does not fit a published key of the issuer, or the list names another issuer.',
            self::PassportStatusTooLarge => 'The status list is, or unpacks to, more than a verifier accepts.',
            self::PassportStatusIndexInvalid => 'The passport names a place that the status list does not have.',
            self::PassportStatusInvalid => 'The status list is no well-formed Token Status List.',
            self::LogoutTokenInvalid => 'The body holds no logout token of this issuer for this site.',
            self::LogoutTokenReplayed => 'A logout token with this `jti` was handled before.',
            self::AcknowledgementInvalid => 'The acknowledgement is not signed with the secret of one of the site\'s endpoints, or its timestamp is off.',
            self::BridgeUnreachable => 'The Userref bridge beside PHP gave no answer in time.',
            self::BridgeUnauthorized => 'The Userref bridge does not know the secret that it was asked with.',
            self::NetworkFailed => 'No answer came from the core or the cell in time.',
        };
    }

    /** What to do about it. */
    public function fix(): string
    {
        return match ($this) {
            self::InvalidRequest => 'Compare the request with the reference. The member `errors`, where present, names the parts that are wrong.',
            self::InvalidToken => 'Send the access token of the signed-in person to the cell that it was issued for. When it is dead, let the person sign in again.',
            self::InsufficientUserAuthentication => 'Start a login with the `max_age` or `acr_values` that the `WWW-Authenticate` header names (RFC 9470).',
            self::ConsentRequired => 'Ask the person for the attributes named in `attributes`, with this purpose, and do without them when the answer is no.',
            self::ConsentExpired => 'Ask the person again. The member `attributes` names what has expired.',
            self::ProcessingRestricted => 'Stop processing. Wait for the event `subject.unrestricted`.',
            self::SpecialCategoryRefused => 'Do without it if you can. Else mark it as a special category and name the point of Article 9 (2) that allows it.',
            self::SealedInvalid => 'Send the envelope exactly as the cell gave it to you, as one string without spaces.',
            self::SealedMismatch => 'Name the purpose and the order reference that you named when you had it sealed. For anything else, ask for a new envelope.',
            self::SealedNotOpenYet => 'Try again when the time in `not_before`, which came with the envelope, is reached.',
            self::SealedExpired => 'Delete the envelope. If the attributes are still needed, have them sealed again.',
            self::SealedDestroyed => 'Delete the envelope; nobody can open it any more. Ask the person if you still need the attributes.',
            self::Forbidden => 'Check which site the credentials belong to and what that site is registered for.',
            self::CsrfRejected => 'Open the page again and submit the form from there.',
            self::NotFound => 'Check the identifier. A `user_ref` is valid for one site only.',
            self::MethodNotAllowed => 'Use one of the methods in the `Allow` header.',
            self::InteractionNotFound => 'Go back to the site and start again from there.',
            self::InteractionExpired => 'Go back to the site and start again from there.',
            self::Conflict => '`detail` says what stands in the way. Change that first, or go on with what is there.',
            self::PayloadTooLarge => 'Send less, or in parts.',
            self::UnsupportedMediaType => 'Send `Content-Type: application/json`; the OAuth endpoints take `application/x-www-form-urlencoded`.',
            self::UnknownAttribute => 'Use names of the attribute catalogue, and have the operator register the site for them.',
            self::PurposeRequired => 'Send `purpose` with the id of a purpose that is registered for the site.',
            self::UnknownPurpose => 'Have the operator register the purpose with its text, or use one that is.',
            self::RateLimited => 'Wait for the time in `Retry-After` and send less.',
            self::IntegrityError => 'Nothing to do for the caller. The operator finds the entry `vault.integrity` in the audit log.',
            self::InternalError => 'Report the `request_id` to the operator.',
            self::UpstreamUnavailable => 'Try again a little later. The operator checks the upstream sign-in service.',
            self::ServiceUnavailable => 'Wait for the time in `Retry-After` and try again. Nothing was changed.',
            self::ConfigInvalid => 'Correct the options that the message names; each is listed with its rule.',
            self::DiscoveryFailed => 'Open `{issuer}/.well-known/openid-configuration` from this server: it must answer, and name the same `issuer`.',
            self::LoginStateMissing => 'Start the login again. When it happens always, check that `baseUrl` is the address that the browser uses and that cookies are not blocked.',
            self::LoginStateMismatch => 'Start the login again. Somebody may have tried to plant a login.',
            self::LoginExpired => 'Start the login again.',
            self::LoginRequestRefused => '`invalid_client`: correct `site` or `siteSecret`. Otherwise register the redirect address, the attributes and the purpose for the site. `userref doctor` compares them with the core.',
            self::LoginDenied => 'Show the page without a login and let the person try again.',
            self::LoginLoop => 'Allow cookies for this site. When it happens to everybody, check that `baseUrl` is the address that the browser uses, and the clocks of this server and the core.',
            self::PreviewRefused => 'Use a core in test mode (`USERREF_MODE=test`), and register what your previews have in common there: `userref-core sites previews SITE \'https://*--shop.example\'`. A bridge for PHP has the same in `USERREF_BRIDGE_PREVIEWS`. A live core takes registered addresses only.',
            self::IssuerMismatch => 'Start the login again. Check that `issuer` is exactly the issuer of the discovery document.',
            self::TokenExchangeFailed => 'Check `site` and `siteSecret`. A code works once and for a minute only.',
            self::PassportMalformed => 'Pass the compact text alone: three parts with dots between, without `Bearer` and line breaks.',
            self::PassportAlgNotAllowed => 'Refuse it. Passports are signed with ES256, RS256 or EdDSA, by a key of that kind.',
            self::PassportKeyUnknown => 'Let the person sign in again. When it stays, check that `issuer` is right and its key set can be fetched.',
            self::PassportKeyUnusable => 'Refuse it, and tell the operator: the key of this id in the issuer\'s key set is none for signatures.',
            self::PassportSignatureInvalid => 'Refuse it. When it happens to all of them, check that the keys are the issuer\'s present ones.',
            self::PassportTypInvalid => 'Pass the ID token of a login. Access tokens and logout tokens are no passports.',
            self::PassportIssuerInvalid => 'Check that `issuer` is exactly the issuer of the discovery document.',
            self::PassportAudienceInvalid => 'Check that `site` is the client id that the operator gave to this site.',
            self::PassportAzpInvalid => 'Refuse it and let the person sign in again.',
            self::PassportExpired => 'Let the person sign in again. When passports are always expired, check the clock of this server.',
            self::PassportNotYetValid => 'Check the clock of this server.',
            self::PassportIssuedInFuture => 'Check the clock of this server.',
            self::PassportClaimMissing => 'Refuse it. When it happens to all of them, check that `issuer` is a Userref core: other providers issue no passports.',
            self::PassportClaimInvalid => 'Refuse it and let the person sign in again.',
            self::PassportNonceMismatch => 'Refuse it and let the person sign in again.',
            self::PassportSubjectInvalid => 'Refuse it and let the person sign in again.',
            self::PassportVersionUnknown => 'Update the SDK.',
            self::PassportCritUnsupported => 'Refuse it, and update the SDK.',
            self::PassportTooOld => 'Start a login with `maxAgeSeconds`: the person is then asked to sign in anew.',
            self::PassportDuplicateMember => 'Refuse it and let the person sign in again.',
            self::SessionInvalid => 'Treat the visitor as signed out. After a change of `sessionSecret` keep the old secret as the second one.',
            self::SessionExpired => 'Let the person sign in again.',
            self::SessionRevoked => 'Treat the visitor as signed out.',
            self::NotSignedIn => 'Start a login, or guard the route with `requireUser()`.',
            self::ReturnToRejected => 'Pass a path of this site, such as `/checkout`.',
            self::AttributesUnavailable => 'Try again later; report the `request_id` to the operator when it stays.',
            self::WebhookSignatureInvalid => 'Answer 401. Check `webhookSecret`, and that nothing changes the body on its way.',
            self::WebhookTimestampInvalid => 'Answer 401. Check the clock of this server.',
            self::WebhookHeadersMissing => 'Answer 400. Check that no proxy drops the headers.',
            self::WebhookBodyInvalid => 'Answer 400 and update the SDK.',
            self::WebhookBodyParsed => 'Mount `userref()` before body parsers such as `express.json()`; on the Pages Router of Next.js set `bodyParser: false`.',
            self::WebhookReplayed => 'Answer 2xx and do nothing.',
            self::PassportRevoked => 'End the session and let the person sign in again.',
            self::PassportSuspended => 'Refuse the request for now; a later status list may say otherwise.',
            self::PassportStatusMissing => 'Save the list that the passport names (`GET {core}/status/{list}`) and pass it along.',
            self::PassportStatusStale => 'Fetch the list again. Offline, `allowStale` accepts an old list knowingly; one past its `exp` is never accepted.',
            self::PassportStatusSignatureInvalid => 'Save the list again from the core, and the issuer\'s current key set with it.',
            self::PassportStatusTooLarge => 'Report it to the operator of the core: no list of theirs is that large.',
            self::PassportStatusIndexInvalid => 'Report it to the operator of the core. Do not accept the passport.',
            self::PassportStatusInvalid => 'Save the list again, as it comes, without line breaks.',
            self::LogoutTokenInvalid => 'Check that the back-channel logout address registered at the core is this one. Answer 400.',
            self::LogoutTokenReplayed => 'Nothing: the core sends a fresh token at every attempt.',
            self::AcknowledgementInvalid => 'Sign `{webhook-id}.{webhook-timestamp}.{body}` with the webhook secret, as the core signs events, within five minutes.',
            self::BridgeUnreachable => 'Check that the bridge runs (`systemctl status userref-php-bridge`) and that PHP may open its socket. Sessions go on meanwhile.',
            self::BridgeUnauthorized => 'Give the PHP client one of the secrets in the bridge\'s `USERREF_BRIDGE_SECRET`.',
            self::NetworkFailed => 'Try again. Check that this server can reach the issuer.',
        };
    }

    /** Whether the same call may succeed a little later. */
    public function isTransient(): bool
    {
        return in_array($this, [
            self::SealedNotOpenYet,
            self::RateLimited,
            self::UpstreamUnavailable,
            self::ServiceUnavailable,
            self::DiscoveryFailed,
            self::AttributesUnavailable,
            self::BridgeUnreachable,
            self::NetworkFailed,
        ], true);
    }

    /** Where the code is explained. */
    public function helpUrl(): string
    {
        return 'https://userref.dev/errors/' . $this->value;
    }
}
