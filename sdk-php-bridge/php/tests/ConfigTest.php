<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Exception\ConfigException;
use Userref\Exception\UserrefThrowable;
use Userref\Revocation\MemoryRevocationStore;
use Userref\Testing\FakeUserref;
use Userref\Userref;

final class ConfigTest extends TestCase
{
    public function testEveryProblemIsListedAtOnceAndNoValueIsShown(): void
    {
        try {
            Userref::fromConfig(['bridge' => 'http://192.0.2.1:80', 'bridge_secret' => 'too short', 'brigde' => 1]);
            self::fail('It was taken.');
        } catch (ConfigException $error) {
            self::assertCount(7, $error->problems);
            self::assertStringContainsString('brigde is not a setting', $error->getMessage());
            self::assertStringNotContainsString('too short', $error->getMessage());
        }
    }

    /** @dataProvider wrongSettings */
    #[DataProvider('wrongSettings')]
    public function testAWrongSettingIsNamed(string $name, mixed $value): void
    {
        try {
            new FakeUserref(config: [$name => $value]);
            self::fail('It was taken.');
        } catch (ConfigException $error) {
            self::assertCount(1, $error->problems);
            self::assertStringStartsWith($name, $error->problems[0]);
        }
    }

    /** @return list<array{string, mixed}> */
    public static function wrongSettings(): array
    {
        return [
            ['bridge', 'http://0.0.0.0:4100'], ['bridge', 'http://shop.example:4100'], ['bridge', 'unix:relative.sock'],
            ['bridge', 'https://127.0.0.1:4100'], ['bridge', 'http://127.0.0.1:4100/path'], ['bridge', ['x']],
            ['issuer', 'http://id.example.eu'], ['issuer', 'https://id.example.eu?x=1'], ['issuer', 'id.example.eu'],
            ['issuer', 'https://user@id.example.eu'], ['issuer', "https://id.example.eu\n"], ['issuer', null],
            ['base_url', 'https://shop.example/shop'], ['base_url', 'http://shop.example'], ['site', 'two words'],
            ['webhook_secret', 'whsec_short'], ['webhook_secret', 'secret'], ['webhook_secret', ['whsec_!']],
            ['webhook_public_key', 'whpk_' . 'AAAA'], ['after_logout', '//evil.example'], ['after_logout', '/\\evil'],
            ['clock_tolerance_seconds', 61], ['clock_tolerance_seconds', '60'], ['logger', 'a text'], ['cache', []],
            ['preview_origin', ''], ['preview_origin', 'pr-1--shop.preview.example'], ['preview_origin', ['x']],
            ['preview_origin', 'http://pr-1--shop.preview.example'], ['preview_origin', 'https://pr-1.preview.example/path'],
            ['preview_origin', 'https://pr-1.preview.example?x'], ['preview_origin', 'https://*.preview.example'],
            ['preview_origin', 'https://u:p@pr-1.preview.example'], ['preview_origin', 'http://localhost.evil.example'],
            ['transport', 'curl'], ['clock', 12], ['revocations', []],
        ];
    }

    public function testPathsAreCheckedOneByOne(): void
    {
        $paths = ['login' => '/sign-in', 'callback' => 'back', 'logout' => '//x', 'hook' => '/y', 'webhook' => '/a/../b'];
        try {
            new FakeUserref(config: ['paths' => $paths]);
            self::fail('They were taken.');
        } catch (ConfigException $error) {
            self::assertCount(4, $error->problems);
        }
    }

    public function testThereIsNoStoreOfRevocationsByDefault(): void
    {
        $this->expectException(UserrefThrowable::class);
        $this->expectExceptionMessage('revocations must be a RevocationStore');
        Userref::fromConfig([
            'bridge_secret' => str_repeat('s', 43),
            'issuer' => 'https://id.example.eu',
            'site' => 'shop-a',
            'base_url' => 'https://shop.example',
        ]);
    }

    public function testAPreviewHasItsOwnAddressInPlaceOfTheSites(): void
    {
        foreach (['https://pr-1--shop.preview.example', 'http://pr-1.localhost:3000'] as $origin) {
            self::assertSame($origin, (new FakeUserref(config: ['preview_origin' => $origin]))->userref->config->baseUrl);
        }
        $none = new FakeUserref(config: ['preview_origin' => null]);
        self::assertSame(['https://shop.example', null], [$none->userref->config->baseUrl, $none->userref->config->previewOrigin]);
    }

    public function testTheOriginIsAsBrowsersWriteIt(): void
    {
        $given = ['https://Shop.Example:443' => 'https://shop.example', 'http://LOCALHOST:80' => 'http://localhost'];
        $given += ['https://shop.example:8443' => 'https://shop.example:8443', 'http://[::1]:443' => 'http://[::1]:443'];
        foreach ($given as $text => $origin) {
            self::assertSame($origin, (new FakeUserref(config: ['base_url' => $text]))->userref->config->baseUrl);
        }
    }

    public function testASlashAtTheEndOfTheOriginDoesNotMatter(): void
    {
        $fake = new FakeUserref(config: ['base_url' => 'https://shop.example/', 'revocations' => new MemoryRevocationStore()]);
        self::assertSame('https://shop.example', $fake->userref->config->baseUrl);
    }
}
