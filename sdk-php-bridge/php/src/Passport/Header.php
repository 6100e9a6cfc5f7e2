<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\ErrorCode;
use Userref\Exception\PassportRefused;

/** Algorithm and key of a token. */
final class Header
{
    /** Asymmetric only: no `none`, no HMAC that a public key could serve as the secret of. */
    private const ALGORITHMS = ['ES256', 'RS256', 'EdDSA'];
    private const KID = '/\A[A-Za-z0-9._~-]{1,128}\z/D';
    /** Members that bring their own key, or change how the token is read. */
    private const FOREIGN = ['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'b64', 'zip', 'cty', 'enc'];

    private function __construct(public readonly string $alg, public readonly string $kid)
    {
    }

    /**
     * In the order of the contract: `alg`, `typ`, `crit`, foreign members, `kid`.
     *
     * @throws PassportRefused
     */
    public static function check(JsonObject $header, string $typ): self
    {
        $alg = $header->get('alg');
        if (!in_array($alg, self::ALGORITHMS, true)) {
            throw new PassportRefused(ErrorCode::PassportAlgNotAllowed);
        }
        if ($header->get('typ') !== $typ) {
            throw new PassportRefused(ErrorCode::PassportTypInvalid);
        }
        if ($header->has('crit')) {
            throw new PassportRefused(ErrorCode::PassportCritUnsupported);
        }
        foreach (self::FOREIGN as $member) {
            if ($header->has($member)) {
                throw Refusal::malformed();
            }
        }
        $kid = $header->get('kid');
        if (!is_string($kid) || preg_match(self::KID, $kid) !== 1) {
            throw new PassportRefused(ErrorCode::PassportKeyUnknown);
        }

        return new self($alg, $kid);
    }
}
