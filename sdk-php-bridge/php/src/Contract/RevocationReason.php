<?php

// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

declare(strict_types=1);

namespace Userref\Contract;

/** Why a session or an access ended. More may be added: treat an unknown one as a plain end. */
enum RevocationReason: string
{
    /** The person signed out, here or at the core. */
    case SignedOut = 'signed_out';
    /** The person withdrew a consent for this site. */
    case ConsentWithdrawn = 'consent_withdrawn';
    /** The person disconnected the site. */
    case DisconnectedByPerson = 'disconnected_by_person';
    /** The site asked for it. */
    case RevokedBySite = 'revoked_by_site';
    /** The operator did it. */
    case RevokedByOperator = 'revoked_by_operator';
    /** The site was disabled. */
    case SiteDisabled = 'site_disabled';
    /** A code or a refresh token was used twice. */
    case TokenMisuse = 'token_misuse';
    /** The person was erased. */
    case SubjectErased = 'subject_erased';
}
