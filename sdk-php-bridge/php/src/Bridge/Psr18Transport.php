<?php

declare(strict_types=1);

namespace Userref\Bridge;

use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;

/** Any PSR-18 client with PSR-17 factories, where the bridge listens on a loopback port. They are only called. */
final class Psr18Transport implements Transport
{
    private readonly Address $address;

    /**
     * @param \Psr\Http\Client\ClientInterface $client with timeouts of its own (0.25 s to connect, 5 s in all),
     *     and without redirects or proxy
     * @param \Psr\Http\Message\RequestFactoryInterface $requests
     * @param \Psr\Http\Message\StreamFactoryInterface $streams
     *
     * @throws \InvalidArgumentException for an address that is not of this machine
     */
    public function __construct(
        private readonly object $client,
        private readonly object $requests,
        private readonly object $streams,
        string $address,
    ) {
        $parsed = Address::parse($address);
        if ($parsed === null || $parsed->socket !== null) {
            throw new \InvalidArgumentException('PSR-18 needs the bridge on http://127.0.0.1:port.');
        }
        $this->address = $parsed;
    }

    public function send(#[\SensitiveParameter] Request $request): Response
    {
        $message = $this->requests->createRequest($request->method, $this->address->url($request->target));
        foreach ($request->headers as $name => $value) {
            $message = $message->withHeader($name, $value);
        }
        if ($request->body !== '') {
            $message = $message->withBody($this->streams->createStream($request->body));
        }
        try {
            $answer = $this->client->sendRequest($message);
            $body = self::textOf($answer->getBody(), microtime(true) + $request->timeoutSeconds);
        } catch (\Throwable $failure) {
            // The client's own error may hold the request, and with it the secret.
            throw new BridgeUnreachable(ErrorCode::BridgeUnreachable, 'The client failed: ' . $failure::class . '.');
        }
        if (strlen($body) > self::MAX_BYTES) {
            throw new BridgeUnreachable(ErrorCode::BridgeUnreachable, 'The answer of the bridge is too large.');
        }

        return new Response($answer->getStatusCode(), $body);
    }

    /** No more than can be used and no longer than is waited for, where the client gives the body as it comes. */
    private static function textOf(mixed $body, float $deadline): string
    {
        if (!is_object($body) || !method_exists($body, 'read')) {
            return (string) $body;
        }
        $text = '';
        while (!$body->eof() && strlen($text) <= self::MAX_BYTES) {
            $text .= $body->read(65536);
            if (microtime(true) > $deadline) {
                throw new \RuntimeException('The bridge is too slow.');
            }
        }

        return $text;
    }
}
