<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Session;
use Userref\Testing\FakeUserref;

/** What a store of sessions gives back, which may be of another version, half or somebody else's. */
final class SessionTest extends TestCase
{
    /** @dataProvider members */
    #[DataProvider('members')]
    public function testAStoredSessionWithAMemberThatIsMissingOrOfAnotherTypeIsNone(string $member): void
    {
        $stored = (new FakeUserref(['contact:email' => 'amber@example.org']))->signIn()->toStorage();
        self::assertNotNull(Session::fromStorage($stored));
        self::assertNull(Session::fromStorage(array_diff_key($stored, [$member => 0])), "without {$member}");
        foreach ([null, true, -1.5, '', "\xff", [[]], [null], new \stdClass()] as $strange) {
            if (is_string($strange) && is_string($stored[$member]) && !in_array($member, ['user_ref', 'assurance_level'], true)) {
                continue;
            }
            $read = Session::fromStorage([$member => $strange] + $stored);
            self::assertNull($read, "{$member} as " . var_export($strange, true));
        }
    }

    /** @return list<array{string}> */
    public static function members(): array
    {
        $names = [
            'v', 'handle', 'user_ref', 'sid', 'consents', 'assurance_level', 'auth_time', 'issued_at', 'expires_at',
            'asked_purposes',
        ];

        return array_map(static fn (string $name): array => [$name], $names);
    }
}
