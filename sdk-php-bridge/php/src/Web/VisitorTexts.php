<?php

declare(strict_types=1);

namespace Userref\Web;

use Userref\Contract\ErrorCode;

/** What an error means for visitors, and what they can do. What its code says of itself speaks to developers. */
final class VisitorTexts
{
    private const AWAY = [
        'Signing in does not work right now',
        'The sign-in service of this site does not answer.',
        'Please try again in a few minutes. Whoever is signed in stays signed in.',
    ];
    private const UNUSABLE = [
        'Signing in did not work',
        'The sign-in service gave an answer that this site cannot use.',
        'Please sign in again. If it stays so, tell the site the code below.',
    ];
    private const NOT_FINISHED = [
        'The sign-in was not finished',
        'It began in another browser, or this browser keeps no cookies of this site.',
        'Please allow cookies of this site and sign in again.',
    ];
    private const NOT_SIGNED_IN = [
        'You are not signed in',
        'This is for those who are signed in, and a sign-in ends after a while.',
        'Please sign in to go on.',
    ];
    private const NOT_SHARED = [
        'Something is needed from you',
        'You have not agreed to share this with the site, or your agreement has ended.',
        'Choose what to share to go on. You can take it back at any time.',
    ];
    private const UNKNOWN = [
        'This did not work',
        'The site could not do what was asked.',
        'Please try again from the start page. If it stays so, tell the site the code below.',
    ];

    /** @return array{string, string, string} what happened, why, and what to do */
    public static function of(ErrorCode $code): array
    {
        return match ($code) {
            ErrorCode::BridgeUnreachable, ErrorCode::BridgeUnauthorized, ErrorCode::ConfigInvalid,
            ErrorCode::DiscoveryFailed, ErrorCode::NetworkFailed, ErrorCode::ServiceUnavailable,
            ErrorCode::UpstreamUnavailable => self::AWAY,
            ErrorCode::TokenExchangeFailed, ErrorCode::IssuerMismatch, ErrorCode::LoginRequestRefused,
            ErrorCode::AttributesUnavailable => self::UNUSABLE,
            ErrorCode::LoginStateMissing, ErrorCode::LoginStateMismatch, ErrorCode::LoginLoop => self::NOT_FINISHED,
            ErrorCode::LoginExpired => ['The sign-in took too long', 'It ends after a while.', 'Please sign in again.'],
            ErrorCode::LoginDenied => [
                'You are not signed in',
                'The sign-in was declined.',
                'You can sign in again, or go on without.',
            ],
            ErrorCode::NotSignedIn, ErrorCode::SessionInvalid, ErrorCode::SessionExpired,
            ErrorCode::SessionRevoked => self::NOT_SIGNED_IN,
            ErrorCode::ConsentRequired, ErrorCode::ConsentExpired => self::NOT_SHARED,
            ErrorCode::ProcessingRestricted => [
                'This has to wait',
                'You have restricted what may be done with your data.',
                'It goes on when you have lifted that.',
            ],
            ErrorCode::CsrfRejected => [
                'The form was not accepted',
                'Its page was open for too long, or it came from elsewhere.',
                'Please load the page again and send the form once more.',
            ],
            ErrorCode::NotFound, ErrorCode::MethodNotAllowed => [
                'There is nothing here',
                'The address may be misspelt, or what was here is gone.',
                'Please go on from the start page.',
            ],
            ErrorCode::Forbidden => [
                'This is not allowed',
                'The account may not do that here.',
                'Please ask the site if you think that it should.',
            ],
            ErrorCode::RateLimited => [
                'That was too often',
                'This came too many times within a while.',
                'Please wait a minute and try again.',
            ],
            default => str_starts_with($code->value, 'passport_') ? self::UNUSABLE : self::UNKNOWN,
        };
    }
}
