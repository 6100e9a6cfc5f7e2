<?php

declare(strict_types=1);

namespace Userref\Bridge;

use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;

/**
 * By the extension curl, with a connection for each call: where one that was kept turns out to be dead, curl sends once
 * more what the bridge may have done already. A connection on this machine costs a tenth of a millisecond.
 */
final class CurlTransport implements Transport
{
    public function __construct(private readonly Address $address)
    {
    }

    public function send(#[\SensitiveParameter] Request $request): Response
    {
        $body = '';
        $handle = curl_init();
        curl_setopt_array($handle, $this->options($request, $body));
        // Nothing was sent when no connection came about, so once more does no harm, whatever the call.
        $sent = curl_exec($handle) !== false
            || (curl_errno($handle) === CURLE_COULDNT_CONNECT && curl_exec($handle) !== false);
        if (!$sent) {
            $isTooLarge = curl_errno($handle) === CURLE_WRITE_ERROR;
            $detail = $isTooLarge ? 'The answer of the bridge is too large.' : null;
            throw new BridgeUnreachable(ErrorCode::BridgeUnreachable, $detail);
        }

        return new Response((int) curl_getinfo($handle, CURLINFO_RESPONSE_CODE), $body);
    }

    /** @return array<int, mixed> */
    private function options(Request $request, string &$body): array
    {
        $headers = [];
        foreach ($request->headers as $name => $value) {
            $headers[] = "{$name}: {$value}";
        }
        $options = [
            CURLOPT_URL => $this->address->url($request->target),
            CURLOPT_CUSTOMREQUEST => $request->method,
            CURLOPT_HTTPHEADER => [...$headers, 'Expect:'],
            CURLOPT_CONNECTTIMEOUT_MS => (int) (self::CONNECT_TIMEOUT_SECONDS * 1000),
            CURLOPT_TIMEOUT_MS => (int) ($request->timeoutSeconds * 1000),
            CURLOPT_NOSIGNAL => true,
            CURLOPT_PROXY => '',
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_WRITEFUNCTION => static function (\CurlHandle $handle, string $piece) use (&$body): int {
                $body .= $piece;

                return strlen($body) > self::MAX_BYTES ? 0 : strlen($piece);
            },
        ];
        if ($this->address->socket !== null) {
            $options[CURLOPT_UNIX_SOCKET_PATH] = $this->address->socket;
        }

        return $request->body === '' ? $options : $options + [CURLOPT_POSTFIELDS => $request->body];
    }
}
