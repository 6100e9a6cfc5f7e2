<?php

declare(strict_types=1);

namespace Userref;

use Userref\Contract\AssuranceLevel;

/**
 * A signed-in visitor. Times are Unix seconds. Holds no personal data; what opens the person's data with their consent
 * is sealed by the bridge and hidden.
 */
final class Session implements \JsonSerializable
{
    /** @var Hidden<string> */
    private readonly Hidden $handle;

    /**
     * @param list<string> $consents attributes with a live consent when it began: a hint, never a permission
     * @param array<string, int> $askedPurposes purposes that the visitor was asked about, and when
     */
    public function __construct(
        /** This site's own name for the person. The key for your own records; compare with `===`. */
        public readonly string $userRef,
        /** The session at the core. */
        public readonly string $sid,
        public readonly array $consents,
        public readonly AssuranceLevel $assuranceLevel,
        public readonly int $authTime,
        public readonly int $issuedAt,
        public readonly int $expiresAt,
        public readonly array $askedPurposes,
        #[\SensitiveParameter] string $handle,
    ) {
        $this->handle = new Hidden($handle);
    }

    /** Whether it is a session as the bridge gives it. */
    public static function isWellFormed(mixed $session): bool
    {
        if (!is_array($session) || !UserReference::isValid($session['user_ref'] ?? null)) {
            return false;
        }
        ['sid' => $sid, 'assurance_level' => $level, 'consents' => $consents, 'asked_purposes' => $asked]
            = $session + ['sid' => null, 'assurance_level' => null, 'consents' => null, 'asked_purposes' => null];
        $times = [$session['auth_time'] ?? null, $session['issued_at'] ?? null, $session['expires_at'] ?? null];

        return is_string($sid) && is_string($level) && AssuranceLevel::tryFrom($level) !== null
            && is_array($consents) && array_filter($consents, 'is_string') === $consents
            && is_array($asked) && array_filter([...$times, ...array_values($asked)], 'is_int')
                === [...$times, ...array_values($asked)];
    }

    /** @param array<string, mixed> $session as the bridge gives it, {@see isWellFormed} */
    public static function fromAnswer(array $session, #[\SensitiveParameter] string $handle): self
    {
        return new self(
            (string) $session['user_ref'],
            (string) $session['sid'],
            array_values($session['consents']),
            AssuranceLevel::from($session['assurance_level']),
            $session['auth_time'],
            $session['issued_at'],
            $session['expires_at'],
            $session['asked_purposes'],
            $handle,
        );
    }

    /** The sealed session, for a call to the bridge. Opens nothing without the bridge's own secret. */
    public function handle(): string
    {
        return $this->handle->reveal();
    }

    /**
     * For storage on the server only, such as `$_SESSION`.
     *
     * @return array<string, mixed>
     */
    public function toStorage(): array
    {
        return ['v' => 1, 'handle' => $this->handle->reveal()] + $this->fields();
    }

    /** What {@see toStorage} gave; null for anything else. */
    public static function fromStorage(mixed $stored): ?self
    {
        $isOurs = is_array($stored) && ($stored['v'] ?? null) === 1 && is_string($stored['handle'] ?? null);

        return $isOurs && self::isWellFormed($stored)
            ? self::fromAnswer($stored, $stored['handle'])
            : null;
    }

    /**
     * The same session without consents that turned out to be withdrawn.
     *
     * @param list<string> $names
     */
    public function withoutConsents(array $names): self
    {
        $consents = array_values(array_diff($this->consents, $names));

        return self::fromAnswer(['consents' => $consents] + $this->fields(), $this->handle->reveal());
    }

    /** @return array<string, mixed> */
    public function jsonSerialize(): array
    {
        return $this->fields();
    }

    /** @return array<string, mixed> */
    public function __serialize(): array
    {
        throw new \LogicException('A session is stored by toStorage(), on the server.');
    }

    /** @return array<string, mixed> */
    private function fields(): array
    {
        return [
            'user_ref' => $this->userRef,
            'sid' => $this->sid,
            'consents' => $this->consents,
            'assurance_level' => $this->assuranceLevel->value,
            'auth_time' => $this->authTime,
            'issued_at' => $this->issuedAt,
            'expires_at' => $this->expiresAt,
            'asked_purposes' => $this->askedPurposes,
        ];
    }
}
