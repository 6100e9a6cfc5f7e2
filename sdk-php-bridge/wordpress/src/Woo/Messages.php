<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefThrowable;

/** What errors of the core mean in a shop, in words that name no person and no value. */
final class Messages
{
    /** For the customer at the checkout. */
    public static function forCustomer(UserrefThrowable $error): string
    {
        return match ($error->errorCode()) {
            ErrorCode::ConsentRequired, ErrorCode::ConsentExpired => __(
                'This order needs data that you do not share with this shop right now. Share it, then order.',
                'userref-login'
            ),
            ErrorCode::NotSignedIn, ErrorCode::SessionInvalid, ErrorCode::SessionExpired,
            ErrorCode::SessionRevoked => __('You are signed out. Sign in again to order.', 'userref-login'),
            ErrorCode::ProcessingRestricted => __(
                'You have restricted the processing of your data, so that this shop can not deliver to you.',
                'userref-login'
            ),
            default => __(
                'Your order was not placed and nothing was paid: your data could not be sealed. Try again in a moment.',
                'userref-login'
            ),
        };
    }

    /** For the people of the shop, when an envelope does not open: what happened and what to do. */
    public static function forStaff(UserrefThrowable $error): string
    {
        return match ($error->errorCode()) {
            ErrorCode::SealedExpired => __(
                'The time for opening this record is over. Ask the customer for their address another way.',
                'userref-login'
            ),
            ErrorCode::SealedDestroyed, ErrorCode::ConsentRequired, ErrorCode::ConsentExpired => __(
                'The customer no longer shares this data, and nobody can open the record any more. '
                . 'Ask the customer to share again, or cancel the order.',
                'userref-login'
            ),
            ErrorCode::SealedNotOpenYet => __('This record does not open yet.', 'userref-login'),
            ErrorCode::RateLimited => __(
                'Too many records were opened within a minute. Wait a minute, then go on.',
                'userref-login'
            ),
            ErrorCode::SealedMismatch, ErrorCode::SealedInvalid, ErrorCode::IntegrityError => __(
                'This record does not belong to this order, or it was changed. Tell whoever looks after the shop.',
                'userref-login'
            ),
            ErrorCode::ProcessingRestricted => __(
                'The customer has restricted the processing of their data: nothing may be opened for now.',
                'userref-login'
            ),
            ErrorCode::NotFound, ErrorCode::Forbidden => __(
                'The core does not know this record, or does not let this shop open it.',
                'userref-login'
            ),
            default => __('The record could not be opened right now. Try again later.', 'userref-login'),
        };
    }

    /** For the notes of an order. */
    public static function ofWithdrawal(Record $record): string
    {
        return match ($record) {
            Record::Shipping => __(
                'The customer no longer shares the delivery address. It was deleted here and can not be opened any '
                . 'more. Ask the customer to share again, or cancel the order.',
                'userref-login'
            ),
            Record::Contact => __(
                'The customer no longer shares an e-mail address. Mails about this order are not sent.',
                'userref-login'
            ),
            Record::Invoice => __(
                'The customer no longer shares the invoice data. The record was deleted here.',
                'userref-login'
            ),
        };
    }

    /** Whether what lies in the order will never open again, so that keeping it makes no sense. */
    public static function isFinal(UserrefThrowable $error): bool
    {
        return in_array(
            $error->errorCode(),
            [ErrorCode::SealedExpired, ErrorCode::SealedDestroyed],
            true,
        );
    }
}
