<?php

declare(strict_types=1);

namespace Userref\Testing;

use Userref\Cache\MemoryCache;
use Userref\Contract\EventType;
use Userref\Revocation\MemoryRevocationStore;
use Userref\Session;
use Userref\Userref;

/**
 * For the tests of a site: the real client on a bridge in memory, with one person. Needs no test framework.
 *
 *     $fake = new FakeUserref(['contact:email' => 'someone@example.org']);
 *     $session = $fake->signIn();
 *     $fake->userref->attributes($session, ['contact:email'], 'newsletter')->get('contact:email');
 *     $fake->withdraw('contact:email');   // the consent is gone, and so is the session
 */
final class FakeUserref
{
    public const USER_REF = 'ppid_abcdefghijklmnopqrstuvwx23';
    private const SECRET = 'secret of the fake webhooks 1234';

    public readonly Userref $userref;
    public readonly FakeBridge $bridge;
    private int $events = 0;

    /**
     * @param array<string, mixed> $shared values by attribute: what the person shares
     * @param array<string, mixed> $config more for {@see Userref::fromConfig}
     */
    public function __construct(array $shared = [], array $config = [])
    {
        $this->bridge = new FakeBridge(self::USER_REF, fn (): int => ($this->userref->config->clock)());
        $this->bridge->shared = $shared;
        $this->userref = Userref::fromConfig($config + [
            'bridge_secret' => str_repeat('s', 43),
            'issuer' => 'https://id.example.eu',
            'site' => 'shop-a',
            'base_url' => 'https://shop.example',
            'webhook_secret' => 'whsec_' . base64_encode(self::SECRET),
            'revocations' => new MemoryRevocationStore(),
            'cache' => new MemoryCache(),
            'transport' => $this->bridge,
        ]);
    }

    /** The person signs in. */
    public function signIn(): Session
    {
        $login = $this->userref->startLogin();

        $cookies = self::cookieHeader($login->cookies);

        return $this->userref->completeLogin($this->answerTo($login->url), $cookies)->session;
    }

    /** The query that the core sends the browser back with. */
    public function answerTo(string $authorizationUrl): string
    {
        parse_str((string) parse_url($authorizationUrl, PHP_URL_QUERY), $query);

        return http_build_query(['code' => 'fake-code', 'state' => $query['state'], 'iss' => 'https://id.example.eu']);
    }

    /** The person withdraws: the attribute is shared no more, and the site is told. */
    public function withdraw(string $attribute): void
    {
        unset($this->bridge->shared[$attribute]);
        $data = ['consent_id' => 'con_' . str_repeat('a', 26), 'attributes' => [$attribute], 'purpose' => 'fake'];
        $this->deliver(EventType::ConsentWithdrawn, $data);
    }

    /** Everything of this person ends at this site. */
    public function revoke(): void
    {
        $this->deliver(EventType::AccessRevoked, ['reason' => 'revoked_by_site']);
    }

    /** @param array<string, mixed> $data besides `user_ref` */
    public function deliver(EventType $type, array $data = []): void
    {
        [$body, $headers] = $this->webhook($type, $data);
        $this->userref->handleWebhook($body, $headers);
    }

    /**
     * A webhook as the core would post it.
     *
     * @param array<string, mixed> $data besides `user_ref`
     *
     * @return array{string, array<string, string>} body and headers
     */
    public function webhook(EventType $type, array $data = []): array
    {
        $now = ($this->userref->config->clock)();
        $id = 'evt_' . str_pad(strtr((string) ++$this->events, '0189', 'abcd'), 26, 'a', STR_PAD_LEFT);
        $isAboutUser = in_array('user_ref', $type->members(), true);
        $body = json_encode([
            'type' => $type->value,
            'timestamp' => gmdate('Y-m-d\TH:i:s\Z', $now),
            'data' => (object) (($isAboutUser ? ['user_ref' => self::USER_REF] : []) + $data),
        ], JSON_THROW_ON_ERROR);
        $signature = base64_encode(hash_hmac('sha256', "{$id}.{$now}.{$body}", self::SECRET, true));

        return [$body, [
            'webhook-id' => $id,
            'webhook-timestamp' => (string) $now,
            'webhook-signature' => "v1,{$signature}",
        ]];
    }

    /** @param list<\Userref\Web\Cookie> $cookies */
    public static function cookieHeader(array $cookies): string
    {
        return implode('; ', array_map(static fn ($cookie) => "{$cookie->name}={$cookie->value}", $cookies));
    }
}
