<?php

declare(strict_types=1);

namespace Userref\Passport;

/** A JWK set that has been checked (RFC 7517 §5). */
final class KeySet implements KeySource
{
    private const MAX_KEYS = 32;
    private const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

    /** @param array<array-key, PublishedKey> $keys */
    private function __construct(private readonly array $keys)
    {
    }

    /**
     * The whole set is refused when it holds private or symmetric keys, a weak RSA key, or one `kid` twice: whoever
     * publishes that has lost control of it. Kinds of key that we do not know are skipped.
     *
     * @param mixed $set as {@see StrictJson::parse} gave it
     *
     * @throws \Userref\Exception\PassportRefused `passport_key_unusable`
     */
    public static function parse(mixed $set): self
    {
        $members = $set instanceof JsonObject ? $set->get('keys') : null;
        if (!is_array($members) || $members === [] || count($members) > self::MAX_KEYS) {
            throw Refusal::key('The key set is empty, too large or no key set.');
        }
        $keys = [];
        foreach ($members as $member) {
            $jwk = self::checked($member);
            $kid = $jwk->get('kid');
            if (!is_string($kid)) {
                continue;
            }
            if (isset($keys[$kid])) {
                throw Refusal::key('The key set has one kid twice.');
            }
            $keys[$kid] = new PublishedKey($jwk);
        }

        return new self($keys);
    }

    public function find(string $kid): ?PublishedKey
    {
        return $this->keys[$kid] ?? null;
    }

    private static function checked(mixed $member): JsonObject
    {
        if (!$member instanceof JsonObject) {
            throw Refusal::key('The key set has a member that is no key.');
        }
        $hasPrivate = array_filter(self::PRIVATE_MEMBERS, $member->has(...)) !== [];
        if ($member->get('kty') === 'oct' || $hasPrivate) {
            throw Refusal::key('The key set has a private or symmetric key.');
        }
        if ($member->get('kty') === 'RSA' && WeakRsa::isWeak($member->get('n'), $member->get('e'))) {
            throw Refusal::key('The key set has a weak RSA key.');
        }

        return $member;
    }
}
