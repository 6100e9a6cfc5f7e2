<?php

// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

declare(strict_types=1);

namespace Userref\Contract;

/** Names of the default catalogue; operators may add their own, so names are plain strings elsewhere. */
enum AttributeName: string
{
    /** Full name */
    case ProfileName = 'profile:name';
    /** Given name */
    case ProfileGivenName = 'profile:given_name';
    /** Family name */
    case ProfileFamilyName = 'profile:family_name';
    /** Date of birth */
    case ProfileBirthdate = 'profile:birthdate';
    /** Preferred language */
    case ProfileLocale = 'profile:locale';
    /** Citizenship */
    case ProfileCitizenship = 'profile:citizenship';
    /** E-mail address */
    case ContactEmail = 'contact:email';
    /** Phone number */
    case ContactPhone = 'contact:phone';
    /** Delivery address */
    case AddressShipping = 'address:shipping';
    /** Billing address */
    case AddressBilling = 'address:billing';
    /** Is 16 or older (yes or no) */
    case AgeOver16 = 'age:over_16';
    /** Is 18 or older (yes or no) */
    case AgeOver18 = 'age:over_18';
    /** Country of the delivery address */
    case AddressCountry = 'address:country';
}
