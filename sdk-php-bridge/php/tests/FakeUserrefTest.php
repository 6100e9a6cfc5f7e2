<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Exception\ConsentRequired;
use Userref\Exception\UserrefException;
use Userref\Testing\FakeUserref;

/** What the bridge refuses the fake one refuses too, or tests would pass of sites that do not work. */
final class FakeUserrefTest extends TestCase
{
    /** @dataProvider elsewhere */
    #[DataProvider('elsewhere')]
    public function testALoginLeadsBackToThisSiteAlone(string $returnTo): void
    {
        $this->expectException(UserrefException::class);
        $this->expectExceptionMessage('return_to_rejected');
        (new FakeUserref())->userref->startLogin($returnTo);
    }

    /** @return list<array{string}> */
    public static function elsewhere(): array
    {
        return [['https://evil.example/'], ['//evil.example'], ['/\\evil.example'], ["/\t/evil.example"], ['basket']];
    }

    public function testWhatIsNotSharedIsNotSealed(): void
    {
        $fake = new FakeUserref(['contact:email' => 'amber@example.org']);
        $expiresAt = new \DateTimeImmutable('+1 day');
        $names = ['contact:email', 'address:shipping'];
        try {
            $fake->userref->seal(FakeUserref::USER_REF, $names, 'order_delivery', 'o-1', $expiresAt);
            self::fail('It was sealed.');
        } catch (ConsentRequired $refusal) {
            self::assertSame([['address:shipping'], 'order_delivery'], [$refusal->attributes, $refusal->purpose]);
        }
    }
}
