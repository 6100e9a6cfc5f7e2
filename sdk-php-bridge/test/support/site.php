<?php

// The least site there is, for tests: every setting from the environment, and a page that says who is there.

declare(strict_types=1);

use Userref\Bridge\Address;
use Userref\Bridge\CurlTransport;
use Userref\Bridge\StreamTransport;
use Userref\Cache\FileCache;
use Userref\Exception\UserrefThrowable;
use Userref\Revocation\FileRevocationStore;
use Userref\Userref;
use Userref\Web\Answer;
use Userref\Web\Site;

require __DIR__ . '/../../php/autoload.php';

$address = Address::parse((string) getenv('USERREF_BRIDGE'));
if (getenv('SITE_TRANSPORT') === 'Guzzle') {
    require __DIR__ . '/psr-parts.php';
    $parts = psrParts((string) getenv('USERREF_BRIDGE'), (string) getenv('SITE_FOLDER'));
} else {
    $parts = [
        'cache' => new FileCache(getenv('SITE_FOLDER') . '/cache'),
        'transport' => getenv('SITE_TRANSPORT') === 'streams'
            ? new StreamTransport($address)
            : new CurlTransport($address),
    ];
}
$userref = Userref::fromConfig($parts + [
    'bridge_secret' => getenv('USERREF_BRIDGE_SECRET'),
    'issuer' => getenv('USERREF_ISSUER'),
    'site' => getenv('USERREF_SITE'),
    'base_url' => getenv('USERREF_BASE_URL'),
    'preview_origin' => getenv('USERREF_PREVIEW_ORIGIN') ?: null,
    'webhook_secret' => getenv('USERREF_WEBHOOK_SECRET'),
    'revocations' => new FileRevocationStore(getenv('SITE_FOLDER') . '/revocations'),
]);
$site = new Site($userref);

function json(array $value, int $status = 200): Answer
{
    return new Answer($status, ['Content-Type' => 'application/json'], json_encode($value, JSON_THROW_ON_ERROR));
}

try {
    $answer = $site->handle() ?? match (explode('?', $_SERVER['REQUEST_URI'], 2)[0]) {
        '/' => json(['user' => $site->user()]),
        '/email' => json(['email' => $site->attributes(['contact:email'], 'newsletter')->get('contact:email')]),
        '/passport' => json(['user' => $userref->verifyPassport((string) file_get_contents('php://input'))->userRef]),
        '/catch-up' => json(['new' => $userref->catchUp()]),
        '/sealed' => json(sealed($userref)),
        '/health' => json(['ok' => $userref->health()->isOk, 'offset' => $userref->health()->clockOffsetMs]),
        default => json([], 404),
    };
} catch (UserrefThrowable $error) {
    $answer = $site->answerError($error);
}
$answer->send();

function sealed(Userref $userref): array
{
    $user = $GLOBALS['site']->requireUser();
    $until = new DateTimeImmutable('+1 day');
    $envelope = $userref->seal($user->userRef, ['contact:email'], 'newsletter', 'order-1', $until);

    return ['opened' => $userref->unseal(
        $envelope->sealed,
        'newsletter',
        'order-1',
        'staff-1',
        static fn ($attributes) => strrev($attributes->get('contact:email')),
    )];
}
