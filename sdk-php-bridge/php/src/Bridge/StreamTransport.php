<?php

declare(strict_types=1);

namespace Userref\Bridge;

use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;

/** By PHP's own streams, where the extension curl is missing. */
final class StreamTransport implements Transport
{
    public function __construct(private readonly Address $address)
    {
    }

    public function send(#[\SensitiveParameter] Request $request): Response
    {
        $deadline = microtime(true) + $request->timeoutSeconds;
        $stream = $this->open() ?? $this->open() ?? throw self::failed();
        try {
            $this->write($stream, $this->message($request));

            return self::parse($this->read($stream, $deadline));
        } finally {
            fclose($stream);
        }
    }

    /** @return resource|null */
    private function open()
    {
        $at = $this->address->socket === null
            ? "tcp://{$this->address->host}:{$this->address->port}"
            : "unix://{$this->address->socket}";
        $stream = @stream_socket_client($at, $code, $message, self::CONNECT_TIMEOUT_SECONDS);

        return $stream === false ? null : $stream;
    }

    /** HTTP/1.0, so that the answer comes in one piece and the connection ends with it. */
    private function message(Request $request): string
    {
        $lines = ["{$request->method} {$request->target} HTTP/1.0", 'Host: ' . $this->address->authority()];
        foreach ($request->headers as $name => $value) {
            $lines[] = "{$name}: {$value}";
        }
        $lines[] = 'Content-Length: ' . strlen($request->body);

        return implode("\r\n", [...$lines, 'Connection: close']) . "\r\n\r\n" . $request->body;
    }

    /** @param resource $stream */
    private function write($stream, #[\SensitiveParameter] string $message): void
    {
        while ($message !== '') {
            $written = @fwrite($stream, $message);
            if ($written === false || $written === 0) {
                throw self::failed();
            }
            $message = substr($message, $written);
        }
    }

    /** @param resource $stream */
    private function read($stream, float $deadline): string
    {
        stream_set_blocking($stream, false);
        $answer = '';
        while (!feof($stream)) {
            $left = $deadline - microtime(true);
            $ready = [$stream];
            $none = null;
            $micros = (int) (max(0, $left) * 1e6);
            $isReady = $left > 0 && @stream_select($ready, $none, $none, 0, $micros) === 1;
            if (!$isReady || strlen($answer) > self::MAX_BYTES) {
                throw self::failed();
            }
            $answer .= (string) fread($stream, 65536);
        }

        return $answer;
    }

    private static function parse(#[\SensitiveParameter] string $answer): Response
    {
        [$head, $body] = explode("\r\n\r\n", $answer, 2) + ['', null];
        $isWhole = preg_match('~\AHTTP/1\.[01] (\d{3})~', $head, $status) === 1
            && preg_match('~^content-length: *(\d+)~im', $head, $length) === 1
            && $body !== null && strlen($body) === (int) $length[1];

        return $isWhole ? new Response((int) $status[1], $body) : throw self::failed();
    }

    private static function failed(): BridgeUnreachable
    {
        return new BridgeUnreachable(ErrorCode::BridgeUnreachable);
    }
}
