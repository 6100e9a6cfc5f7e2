<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\ErrorCode;
use Userref\Exception\PassportRefused;

/** Unpacks DEFLATE in the ZLIB format (RFC 1950), piece by piece, and stops at the first byte too many. */
final class Inflate
{
    /** Bytes that a list may unpack to: eight million passports. */
    private const MAX_BYTES = 1048576;
    /** A piece unpacks to a thousand times its size at most. */
    private const PIECE_BYTES = 256;

    /** @throws PassportRefused `passport_status_too_large`, `passport_status_invalid` */
    public static function bounded(string $packed): string
    {
        $context = inflate_init(ZLIB_ENCODING_DEFLATE);
        $bytes = '';
        $given = 0;
        foreach (str_split($packed, self::PIECE_BYTES) as $piece) {
            $isOver = inflate_get_status($context) === ZLIB_STREAM_END;
            $more = $isOver ? false : @inflate_add($context, $piece, ZLIB_SYNC_FLUSH);
            if ($more === false) {
                throw Refusal::status('lst cannot be unpacked.');
            }
            $given += strlen($piece);
            $bytes .= $more;
            if (strlen($bytes) > self::MAX_BYTES) {
                throw new PassportRefused(ErrorCode::PassportStatusTooLarge);
            }
        }
        $isWhole = inflate_get_status($context) === ZLIB_STREAM_END && inflate_get_read_len($context) === $given;

        return $isWhole ? $bytes : throw Refusal::status('lst cannot be unpacked.');
    }
}
