<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Support\Facades\Http;
use Userref\Bridge\Address;
use Userref\Bridge\Request;
use Userref\Bridge\Response;
use Userref\Bridge\Transport;
use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\ConfigException;

/**
 * By Laravel's HTTP client, for tests with `Http::fake()`. Not for production: what that client carries is told to
 * everything that listens to its events, and tools such as Telescope keep it, people's data included.
 */
final class HttpClientTransport implements Transport
{
    private readonly Address $address;

    /** @throws ConfigException */
    public function __construct(string $address)
    {
        $parsed = Address::parse($address);
        if ($parsed === null || $parsed->socket !== null) {
            throw new ConfigException(['transport http needs the bridge on http://127.0.0.1:port']);
        }
        $this->address = $parsed;
    }

    public function send(Request $request): Response
    {
        $client = Http::withHeaders($request->headers)->withOptions([
            'connect_timeout' => self::CONNECT_TIMEOUT_SECONDS,
            'timeout' => $request->timeoutSeconds,
            'allow_redirects' => false,
            'proxy' => '',
        ]);
        $body = $request->body === '' ? [] : ['body' => $request->body];
        try {
            $answer = $client->send($request->method, $this->address->url($request->target), $body);
        } catch (\Throwable $failure) {
            // Its own error may hold the request, and with it the secret.
            throw new BridgeUnreachable(ErrorCode::BridgeUnreachable, 'The client failed: ' . $failure::class . '.');
        }
        if (strlen($answer->body()) > self::MAX_BYTES) {
            throw new BridgeUnreachable(ErrorCode::BridgeUnreachable, 'The answer of the bridge is too large.');
        }

        return new Response($answer->status(), $answer->body());
    }
}
