<?php

// Calls each target in turns, over a new connection each time, as a page of PHP-FPM does. Reads what to do as JSON from
// stdin (a list of arguments would show the secret) and prints the milliseconds of every call: target, slice, call.

declare(strict_types=1);

use Userref\Bridge\Address;
use Userref\Bridge\CurlTransport;
use Userref\Bridge\Request;

require __DIR__ . '/../../../../sdk-php-bridge/php/autoload.php';

['targets' => $targets, 'path' => $path, 'secret' => $secret, 'slices' => $slices, 'sliceMs' => $sliceMs, 'warmUpMs' => $warmUpMs]
    = json_decode((string) stream_get_contents(STDIN), true, flags: JSON_THROW_ON_ERROR);
$headers = ['Accept' => 'application/json', 'Authorization' => "Bearer {$secret}", 'X-Request-Id' => bin2hex(random_bytes(8))];
$request = new Request('GET', $path, $headers, '', 2.0);

/** @return list<float> milliseconds of each call */
function slice(string $target, Request $request, int $forMs): array
{
    $address = Address::parse($target);
    $taken = [];
    $until = hrtime(true) + $forMs * 1_000_000;
    while (($start = hrtime(true)) < $until) {
        $response = (new CurlTransport($address))->send($request);
        $taken[] = (hrtime(true) - $start) / 1e6;
        if ($response->status !== 200) {
            throw new RuntimeException("{$target} answered {$response->status}.");
        }
    }

    return $taken;
}

foreach ($targets as $target) {
    slice($target, $request, $warmUpMs);
}
$all = array_fill(0, count($targets), []);
for ($round = 0; $round < $slices; $round++) {
    $order = $round % 2 === 1 ? array_reverse($targets, true) : $targets;
    foreach ($order as $index => $target) {
        $all[$index][$round] = slice($target, $request, $sliceMs);
    }
}
echo json_encode($all, JSON_THROW_ON_ERROR);
