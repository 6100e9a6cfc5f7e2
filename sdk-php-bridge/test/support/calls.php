<?php

// Makes every call to a bridge, and says what each came to: a code, or what the client made of the answer.

declare(strict_types=1);

use Userref\Bridge\Address;
use Userref\Bridge\CurlTransport;
use Userref\Bridge\StreamTransport;
use Userref\Cache\Cache;
use Userref\Exception\UserrefThrowable;
use Userref\Revocation\MemoryRevocationStore;
use Userref\Testing\FakeUserref;
use Userref\Userref;

require __DIR__ . '/../../php/autoload.php';

set_error_handler(static fn (int $level, string $text) => throw new ErrorException($text));
[, $bridge, $transport] = $argv;
$address = Address::parse($bridge);
$forgetful = new class implements Cache {
    public function get(string $key): ?string
    {
        return null;
    }

    public function set(string $key, string $value, int $ttlSeconds): void
    {
    }
};
$userref = Userref::fromConfig([
    'bridge_secret' => str_repeat('s', 43),
    'issuer' => 'https://id.example.eu',
    'site' => 'shop-a',
    'base_url' => 'https://shop.example',
    'revocations' => new MemoryRevocationStore(),
    'cache' => $forgetful,
    'transport' => $transport === 'streams' ? new StreamTransport($address) : new CurlTransport($address),
]);
$session = (new FakeUserref())->signIn();
$until = new DateTimeImmutable('+1 day');
$order = ['order_delivery', 'order-1'];
$calls = [
    '/v1/logout' => fn () => $userref->logoutUrl($session),
    '/v1/login/start' => fn () => $userref->startLogin(),
    '/v1/login/complete' => fn () => $userref->completeLogin('code=x&state=y', null),
    '/v1/session/refresh' => fn () => $userref->refreshSession('x'),
    '/v1/attributes' => fn () => $userref->attributes($session, ['contact:email'], 'news'),
    '/v1/attributes/seal' => fn () => $userref->seal($session->userRef, ['contact:email'], ...$order, expiresAt: $until),
    '/v1/attributes/unseal' => fn () => $userref->unseal('x', ...$order, actorRef: 'staff-1', use: fn () => 'opened'),
];
$came = [];
foreach ($calls as $path => $call) {
    try {
        $result = $call();
        $came[$path] = is_string($result) ? $result : 'taken';
    } catch (UserrefThrowable $error) {
        $came[$path] = $error->errorCode()->value;
    } catch (Throwable $error) {
        $came[$path] = $error::class . ': ' . $error->getMessage();
    }
}
echo json_encode($came);
