<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Attributes;
use Userref\Testing\FakeUserref;

/** Values and secrets show up nowhere by themselves. */
final class SelfRedactionTest extends TestCase
{
    private const NEEDLES = ['Amber Lane', 'fake-handle', 'ssssssssss', 'secret of the fake', 'c2VjcmV0IG9mIHRoZSBmYWtl'];

    /** @dataProvider objects */
    #[DataProvider('objects')]
    public function testADumpShowsNoValue(object $object): void
    {
        ob_start();
        var_dump($object);
        print_r($object);
        var_export($object);
        var_dump((array) $object);
        $shown = ob_get_clean() . json_encode($object);
        foreach (self::NEEDLES as $needle) {
            self::assertFalse(str_contains((string) $shown, $needle), "{$needle} shows up.");
        }
    }

    /** @dataProvider objects */
    #[DataProvider('objects')]
    public function testItCannotBeSerialized(object $object): void
    {
        $this->expectException(\Throwable::class);
        serialize($object);
    }

    public function testAValueIsThereForWhoAsks(): void
    {
        self::assertSame(['street_address' => 'Amber Lane 1'], self::attributes()->get('address:shipping'));
    }

    public function testATraceOfAnErrorHoldsNoSecret(): void
    {
        $fake = new FakeUserref();
        $session = $fake->signIn();
        $fake->bridge->isAway = true;
        try {
            $fake->userref->attributes($session, ['contact:email'], 'news');
            self::fail('There was no bridge.');
        } catch (\Throwable $error) {
            $shown = (string) $error;
        }
        foreach (self::NEEDLES as $needle) {
            self::assertFalse(str_contains($shown, $needle), "{$needle} shows up.");
        }
    }

    /** @return array<string, array{object}> */
    public static function objects(): array
    {
        $fake = new FakeUserref();

        return [
            'attributes' => [self::attributes()],
            'a session' => [(new FakeUserref())->signIn()],
            'the configuration' => [$fake->userref->config],
            'the client' => [$fake->userref],
        ];
    }

    private static function attributes(): Attributes
    {
        return new Attributes(['address:shipping' => ['street_address' => 'Amber Lane 1']]);
    }
}
