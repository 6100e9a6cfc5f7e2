<?php

// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

declare(strict_types=1);

namespace Userref\Contract;

/** Every type of event that is sent as a webhook. */
enum EventType: string
{
    /** One session of a user at this site has ended. The site must: End that session. */
    case SessionRevoked = 'session.revoked';
    /** The site has lost its access to this user: every token of the user at this site is dead. The site must: End all sessions of the user. */
    case AccessRevoked = 'access.revoked';
    /** The person has agreed to share attributes for a purpose. The site must: Nothing. The attributes may be fetched now. */
    case ConsentGranted = 'consent.granted';
    /** The person has withdrawn their consent. The site must: Stop using the attributes and purge every copy. */
    case ConsentWithdrawn = 'consent.withdrawn';
    /** A consent has reached its expiry. The site must: Stop using the attributes and purge every copy, or ask again. */
    case ConsentExpired = 'consent.expired';
    /** The person has changed attributes that this site may read. The site must: Fetch them again if it needs to. */
    case AttributesChanged = 'attributes.changed';
    /** The person has restricted the processing of their data. The site must: Stop processing data of the user. */
    case SubjectRestricted = 'subject.restricted';
    /** The restriction has been lifted. The site must: It may resume processing. */
    case SubjectUnrestricted = 'subject.unrestricted';
    /** The person has been erased. The site must: Unlink what it keeps under this user_ref and confirm. */
    case SubjectErased = 'subject.erased';
    /** The operator has disabled this site: no login and no read works. The site must: Nothing. */
    case SiteDisabled = 'site.disabled';
    /** The operator has enabled this site again. The site must: Nothing. */
    case SiteEnabled = 'site.enabled';
    /** The operator has sent a test. The site must: Nothing beyond the 2xx answer. */
    case EndpointTest = 'endpoint.test';
    /** An endpoint of this site was disabled, because it is gone or failed for 72 hours. The site must: Repair it and ask the operator to resume it. */
    case EndpointDisabled = 'endpoint.disabled';

    /**
     * The members of `data` that an event of this type must have.
     *
     * @return list<string>
     */
    public function members(): array
    {
        return match ($this) {
            self::SessionRevoked => ['user_ref', 'sid', 'reason'],
            self::AccessRevoked => ['user_ref', 'reason'],
            self::ConsentGranted => ['user_ref', 'consent_id', 'attributes', 'purpose'],
            self::ConsentWithdrawn => ['user_ref', 'consent_id', 'attributes', 'purpose'],
            self::ConsentExpired => ['user_ref', 'consent_id', 'attributes', 'purpose'],
            self::AttributesChanged => ['user_ref', 'attributes'],
            self::SubjectRestricted => ['user_ref'],
            self::SubjectUnrestricted => ['user_ref'],
            self::SubjectErased => ['user_ref', 'request_id'],
            self::SiteDisabled => [],
            self::SiteEnabled => [],
            self::EndpointTest => [],
            self::EndpointDisabled => ['endpoint_id', 'reason'],
        };
    }
}
