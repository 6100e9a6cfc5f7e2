<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Contract\ErrorCode;
use Userref\Contract\EventType;
use Userref\Exception\WebhookRejected;
use Userref\Testing\FakeUserref;

final class WebhookTest extends TestCase
{
    private const NOW = 1767225600;

    private FakeUserref $fake;
    private int $now = self::NOW;

    protected function setUp(): void
    {
        $this->fake = new FakeUserref(config: ['clock' => fn (): int => $this->now]);
    }

    /** @dataProvider headerShapes */
    #[DataProvider('headerShapes')]
    public function testHeadersOfAnyFrameworkAreRead(callable $shape): void
    {
        [$body, $headers] = $this->fake->webhook(EventType::EndpointTest);
        $event = $this->fake->userref->verifyWebhook($body, $shape($headers));
        self::assertSame(EventType::EndpointTest, $event->type);
    }

    /** @return array<string, array{callable}> */
    public static function headerShapes(): array
    {
        $rename = static fn (callable $name): callable => static fn (array $headers): array
            => array_combine(array_map($name, array_keys($headers)), $headers);

        return [
            'lower case' => [static fn (array $headers): array => $headers],
            'capitals' => [$rename(static fn (string $name): string => ucwords($name, '-'))],
            '$_SERVER' => [$rename(static fn (string $name): string => 'HTTP_' . strtoupper(strtr($name, '-', '_')))],
            'underscores' => [$rename(static fn (string $name): string => strtr($name, '-', '_'))],
            'lists' => [static fn (array $headers): array => array_map(static fn (string $value): array => [$value], $headers)],
            '$_SERVER and headers at once' => [static fn (array $headers): array
                => $headers + ['HTTP_WEBHOOK_ID' => $headers['webhook-id'], 'REMOTE_PORT' => 1234, 'argv' => []]],
        ];
    }

    /** @dataProvider forgeries */
    #[DataProvider('forgeries')]
    public function testAForgedWebhookIsRejectedAndChangesNothing(string $code, callable $forge): void
    {
        $session = $this->fake->signIn();
        [$body, $headers] = $forge(...$this->fake->webhook(EventType::AccessRevoked, ['reason' => 'signed_out']));
        try {
            $this->fake->userref->handleWebhook($body, $headers);
            self::fail('It was taken.');
        } catch (WebhookRejected $rejected) {
            self::assertSame($code, $rejected->errorCode()->value);
        }
        self::assertTrue($this->fake->userref->isLive($session));
    }

    /** @return array<string, array{string, callable}> */
    public static function forgeries(): array
    {
        $with = static fn (string $name, mixed $value): callable
            => static fn (string $body, array $headers): array => [$body, [$name => $value] + $headers];
        $signature = 'webhook_signature_invalid';

        return [
            'another body' => [$signature, static fn ($body, $headers) => [$body . ' ', $headers]],
            'another id' => [$signature, $with('webhook-id', 'evt_' . str_repeat('b', 26))],
            'no signature' => ['webhook_headers_missing', $with('webhook-signature', '')],
            'a signature by another secret' => [$signature, $with('webhook-signature', 'v1,' . base64_encode(random_bytes(32)))],
            'a signature of another version' => [$signature, $with('webhook-signature', 'v2,' . base64_encode(random_bytes(32)))],
            'seventeen signatures' => [$signature, static fn ($body, $headers)
                => [$body, ['webhook-signature' => str_repeat('v1,x ', 16) . $headers['webhook-signature']] + $headers]],
            'a dot in the id' => ['webhook_headers_missing', $with('webhook-id', 'evt.1')],
            'two ids' => ['webhook_headers_missing', $with('webhook-id', ['evt_a', 'evt_b'])],
            'a list in a list' => ['webhook_headers_missing', $with('webhook-id', [['evt_a']])],
            'letters after the timestamp' => ['webhook_timestamp_invalid', $with('webhook-timestamp', self::NOW . 'abc')],
            'a line feed after the timestamp' => ['webhook_timestamp_invalid', $with('webhook-timestamp', self::NOW . "\n")],
            'six minutes early' => ['webhook_timestamp_invalid', $with('webhook-timestamp', (string) (self::NOW + 360))],
            'no headers' => ['webhook_headers_missing', static fn ($body) => [$body, []]],
        ];
    }

    public function testAWebhookFromFiveMinutesAgoIsTakenAndAnOlderOneIsNot(): void
    {
        [$body, $headers] = $this->fake->webhook(EventType::EndpointTest);
        $this->now = self::NOW + 300;
        self::assertSame(EventType::EndpointTest, $this->fake->userref->verifyWebhook($body, $headers)->type);
        $this->now = self::NOW + 301;
        $this->expectException(WebhookRejected::class);
        $this->fake->userref->verifyWebhook($body, $headers);
    }

    public function testTheSameEventIsADuplicateTheSecondTime(): void
    {
        [$body, $headers] = $this->fake->webhook(EventType::AccessRevoked, ['reason' => 'signed_out']);
        self::assertFalse($this->fake->userref->handleWebhook($body, $headers)->isDuplicate);
        self::assertTrue($this->fake->userref->handleWebhook($body, $headers)->isDuplicate);
    }

    public function testOneSessionEndsAndTheOtherOfTheSameUserGoesOn(): void
    {
        $one = $this->fake->signIn();
        $other = $this->fake->signIn();
        $this->fake->deliver(EventType::SessionRevoked, ['sid' => $one->sid, 'reason' => 'signed_out']);
        self::assertFalse($this->fake->userref->isLive($one));
        self::assertTrue($this->fake->userref->isLive($other));
    }

    /** @dataProvider typesThatEndAll */
    #[DataProvider('typesThatEndAll')]
    public function testAllSessionsFromBeforeEndAndALaterOneDoesNot(EventType $type, array $data): void
    {
        $before = $this->fake->signIn();
        $this->fake->deliver($type, $data);
        $this->now = self::NOW + 1;
        self::assertFalse($this->fake->userref->isLive($before));
        self::assertTrue($this->fake->userref->isLive($this->fake->signIn()));
    }

    /** @return list<array{EventType, array<string, mixed>}> */
    public static function typesThatEndAll(): array
    {
        $consent = ['consent_id' => 'con_' . str_repeat('a', 26), 'attributes' => ['contact:email'], 'purpose' => 'news'];

        return [
            [EventType::AccessRevoked, ['reason' => 'disconnected_by_person']],
            [EventType::ConsentWithdrawn, $consent],
            [EventType::SubjectRestricted, []],
            [EventType::SubjectErased, ['request_id' => 'r-1']],
        ];
    }

    public function testAnEventThatLacksAMemberIsRefusedThoughItIsSigned(): void
    {
        [$body, $headers] = $this->fake->webhook(EventType::SessionRevoked, ['reason' => 'signed_out']);
        $this->expectExceptionObject(new WebhookRejected(
            ErrorCode::WebhookBodyInvalid,
            'The signed body is not an event: data.sid is missing or malformed.',
        ));
        $this->fake->userref->verifyWebhook($body, $headers);
    }

    public function testEitherOfTwoSecretsMaySignWhileTheyAreChanged(): void
    {
        [$body, $headers] = $this->fake->webhook(EventType::EndpointTest);
        $new = 'whsec_' . base64_encode(random_bytes(32));
        $old = 'whsec_' . base64_encode('secret of the fake webhooks 1234');
        $clock = fn (): int => $this->now;
        $both = new FakeUserref(config: ['webhook_secret' => [$new, $old], 'clock' => $clock]);
        self::assertSame(EventType::EndpointTest, $both->userref->verifyWebhook($body, $headers)->type);
        $onlyNew = new FakeUserref(config: ['webhook_secret' => $new, 'clock' => $clock]);
        $this->expectException(WebhookRejected::class);
        $onlyNew->userref->verifyWebhook($body, $headers);
    }

    public function testAnEd25519SignatureIsTakenByThePublicKeyAlone(): void
    {
        $pair = sodium_crypto_sign_keypair();
        $public = 'whpk_' . base64_encode(sodium_crypto_sign_publickey($pair));
        $fake = new FakeUserref(config: ['webhook_secret' => [], 'webhook_public_key' => $public, 'clock' => fn () => $this->now]);
        [$body, $headers] = $this->fake->webhook(EventType::EndpointTest);
        $text = "{$headers['webhook-id']}.{$headers['webhook-timestamp']}.{$body}";
        $signature = sodium_crypto_sign_detached($text, sodium_crypto_sign_secretkey($pair));
        $signed = ['webhook-signature' => 'v1,' . base64_encode(random_bytes(32)) . ' v1a,' . base64_encode($signature)];
        self::assertSame(EventType::EndpointTest, $fake->userref->verifyWebhook($body, $signed + $headers)->type);
        $this->expectException(WebhookRejected::class);
        $fake->userref->verifyWebhook("{$body} ", $signed + $headers);
    }
}
