<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\ErrorCode;
use Userref\Exception\PassportRefused;

/** Refuses a passport that a list marks as revoked or suspended, and one whose status cannot be known. */
final class StatusCheck
{
    private const DEFAULT_MAX_AGE_SECONDS = 300;

    /** @throws PassportRefused `passport_status_…`, `passport_revoked`, `passport_suspended` */
    public static function check(
        Passport $passport,
        OfflineStatus $status,
        Expectations $expected,
        KeySource $keys,
    ): void {
        if ($passport->statusUri === null || $passport->statusIndex === null) {
            $detail = 'The passport names no status list.';
            throw new PassportRefused(ErrorCode::PassportStatusMissing, $detail);
        }
        $list = self::newestOf($passport->statusUri, $status, $expected->issuer, $keys);
        self::checkFreshness($list, $status, $expected);
        $fault = match ($list->at($passport->statusIndex)) {
            0 => null,
            null => new PassportRefused(ErrorCode::PassportStatusIndexInvalid),
            1 => new PassportRefused(ErrorCode::PassportRevoked),
            2 => new PassportRefused(ErrorCode::PassportSuspended),
            default => Refusal::status('The list gives a status that is unknown.'),
        };
        if ($fault !== null) {
            throw $fault;
        }
    }

    /** Whoever keeps every list that they were given must not be told what an older one says. */
    private static function newestOf(string $uri, OfflineStatus $status, string $issuer, KeySource $keys): StatusList
    {
        $newest = null;
        foreach ($status->lists as $text) {
            if (StatusList::subjectOf($text) !== $uri) {
                continue;
            }
            $list = StatusList::read($text, $issuer, $keys);
            if ($newest === null || $list->issuedAt > $newest->issuedAt) {
                $newest = $list;
            }
        }
        if ($newest !== null) {
            return $newest;
        }
        if ($status->isSingle && StatusList::subjectOf($status->lists[0]) === null) {
            throw Refusal::status('It is no signed status list.');
        }
        throw new PassportRefused(ErrorCode::PassportStatusMissing);
    }

    private static function checkFreshness(StatusList $list, OfflineStatus $status, Expectations $expected): void
    {
        $now = $expected->now;
        $tolerance = $expected->toleranceSeconds;
        if ($list->issuedAt > $now + $tolerance) {
            throw Refusal::status('The list was signed in the future.');
        }
        if ($list->expiresAt !== null && $list->expiresAt <= $now - $tolerance) {
            throw new PassportRefused(ErrorCode::PassportStatusStale, 'The list is past its exp.');
        }
        $maxAge = $status->maxAgeSeconds ?? $list->ttl ?? self::DEFAULT_MAX_AGE_SECONDS;
        if (!$status->allowStale && $now - $list->issuedAt > $maxAge + $tolerance) {
            throw new PassportRefused(ErrorCode::PassportStatusStale);
        }
    }
}
