<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Exception\ConfigException;
use Userref\Revocation\FileRevocationStore;
use Userref\Revocation\MemoryRevocationStore;
use Userref\Revocation\PdoRevocationStore;
use Userref\Revocation\RevocationStore;

/** What every store of revocations must do. */
final class RevocationStoreTest extends TestCase
{
    private const USER = 'ppid_abcdefghijklmnopqrstuvwx23';
    private const UNTIL = 4102444800;

    /** @dataProvider stores */
    #[DataProvider('stores')]
    public function testASessionIsRevokedByItsIdAndNoOther(callable $make): void
    {
        $store = $make();
        self::assertFalse($store->isRevoked('sid-1', self::USER, 100));
        $store->revokeSession('sid-1', self::UNTIL);
        $store->revokeSession('sid-1', self::UNTIL);
        self::assertTrue($store->isRevoked('sid-1', self::USER, 100));
        self::assertFalse($store->isRevoked('SID-1', self::USER, 100));
        self::assertFalse($store->isRevoked('sid-2', self::USER, 100));
    }

    /** @dataProvider stores */
    #[DataProvider('stores')]
    public function testWhatWasIssuedOfASessionUpToATimeIsRevokedAndNotWhatTheNextLoginMakesOfIt(callable $make): void
    {
        $store = $make();
        $store->revokeSession('sid-1', self::UNTIL, 100);
        self::assertTrue($store->isRevoked('sid-1', self::USER, 100));
        self::assertFalse($store->isRevoked('sid-1', self::USER, 101));
        $store->revokeSession('sid-1', self::UNTIL);
        $store->revokeSession('sid-1', self::UNTIL, 100);
        self::assertTrue($store->isRevoked('sid-1', self::USER, 101));
    }

    /** @dataProvider stores */
    #[DataProvider('stores')]
    public function testAUsersSessionsUpToATimeAreRevoked(callable $make): void
    {
        $store = $make();
        $store->revokeUser(self::USER, 100, self::UNTIL);
        self::assertTrue($store->isRevoked('sid', self::USER, 100));
        self::assertFalse($store->isRevoked('sid', self::USER, 101));
        self::assertFalse($store->isRevoked('sid', 'ppid_bbcdefghijklmnopqrstuvwx23', 100));
    }

    /** @dataProvider stores */
    #[DataProvider('stores')]
    public function testAnEarlierTimeThatArrivesLaterDoesNotWeakenALaterOne(callable $make): void
    {
        $store = $make();
        $store->revokeUser(self::USER, 200, self::UNTIL);
        $store->revokeUser(self::USER, 100, self::UNTIL);
        self::assertTrue($store->isRevoked('sid', self::USER, 150));
        $store->revokeUser(self::USER, 300, self::UNTIL);
        self::assertTrue($store->isRevoked('sid', self::USER, 250));
    }

    /** @dataProvider stores */
    #[DataProvider('stores')]
    public function testAWebhookIsNewOnce(callable $make): void
    {
        $store = $make();
        self::assertTrue($store->rememberWebhook('evt_1', self::UNTIL));
        self::assertFalse($store->rememberWebhook('evt_1', self::UNTIL));
        self::assertTrue($store->rememberWebhook('evt_2', self::UNTIL));
    }

    /** @dataProvider stores */
    #[DataProvider('stores')]
    public function testTextFromElsewhereIsAnIdAndNothingMore(callable $make): void
    {
        $store = $make();
        foreach (["' or '1'='1", '../../etc/passwd', '%', "a\nb"] as $sid) {
            self::assertFalse($store->isRevoked($sid, self::USER, 1));
            $store->revokeSession($sid, self::UNTIL);
            self::assertTrue($store->isRevoked($sid, self::USER, 1));
        }
        self::assertFalse($store->isRevoked('another', self::USER, 1));
    }

    public function testAStoreOfFilesThatIsGoneIsAnErrorAndNotSignedIn(): void
    {
        $folder = self::folder();
        $store = new FileRevocationStore($folder);
        rmdir($folder);
        $this->expectException(\RuntimeException::class);
        $store->isRevoked('sid', self::USER, 1);
    }

    public function testADatabaseThatIsGoneIsAnErrorAndNotSignedIn(): void
    {
        $store = new PdoRevocationStore(new \PDO('sqlite::memory:'));
        $this->expectException(\PDOException::class);
        $store->isRevoked('sid', self::USER, 1);
    }

    /** @return array<string, array{callable(): RevocationStore}> */
    public static function stores(): array
    {
        return [
            'memory' => [static fn () => new MemoryRevocationStore()],
            'files' => [static fn () => new FileRevocationStore(self::folder())],
            'database' => [static function () {
                $store = new PdoRevocationStore(new \PDO('sqlite::memory:'));
                $store->createTable();
                $store->createTable();

                return $store;
            }],
        ];
    }

    private static function folder(): string
    {
        return sys_get_temp_dir() . '/userref-store-' . bin2hex(random_bytes(6));
    }

    public function testAFolderThatEverybodyMayWriteToIsRefused(): void
    {
        $folder = sys_get_temp_dir() . '/userref-revocations-' . bin2hex(random_bytes(6));
        mkdir($folder);
        chmod($folder, 0777);
        try {
            new FileRevocationStore($folder);
            self::fail('It was taken.');
        } catch (ConfigException $error) {
            self::assertStringContainsString('writable by everybody', $error->getMessage());
        } finally {
            rmdir($folder);
        }
    }
}
