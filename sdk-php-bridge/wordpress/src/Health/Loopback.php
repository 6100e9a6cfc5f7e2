<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

/**
 * Requests to this site itself, as somebody from outside would send them: without cookies, and never through a proxy.
 * The address comes from the settings, never from the request.
 */
final class Loopback
{
    /** @return array{status: int, headers: array<string, string>, body: string}|null null when nothing answered */
    public static function get(string $url): ?array
    {
        return self::send($url, ['method' => 'GET']);
    }

    /**
     * @param array<string, string> $headers
     *
     * @return array{status: int, headers: array<string, string>, body: string}|null
     */
    public static function post(string $url, string $body, array $headers = []): ?array
    {
        return self::send($url, ['method' => 'POST', 'body' => $body, 'headers' => $headers]);
    }

    /**
     * Not by `wp_safe_remote_request`, which refuses loopback addresses.
     *
     * @param array<string, mixed> $options
     *
     * @return array{status: int, headers: array<string, string>, body: string}|null
     */
    private static function send(string $url, array $options): ?array
    {
        // Curl takes a proxy from the environment, and no proxy finds the way back to a loopback address.
        $direct = static function ($handle, array $_request, string $to) use ($url): void {
            if ($to === $url) {
                curl_setopt($handle, CURLOPT_PROXY, '');
                curl_setopt($handle, CURLOPT_NOPROXY, '*');
            }
        };
        add_action('http_api_curl', $direct, PHP_INT_MAX, 3);
        $answer = wp_remote_request($url, $options + [
            'timeout' => 10,
            'redirection' => 0,
            'cookies' => [],
            'sslverify' => apply_filters('https_local_ssl_verify', false),
        ]);
        remove_action('http_api_curl', $direct, PHP_INT_MAX);
        if (is_wp_error($answer)) {
            return null;
        }
        $headers = [];
        foreach (wp_remote_retrieve_headers($answer) as $name => $value) {
            $headers[strtolower((string) $name)] = is_array($value) ? implode(', ', $value) : (string) $value;
        }
        $status = (int) wp_remote_retrieve_response_code($answer);

        return ['status' => $status, 'headers' => $headers, 'body' => wp_remote_retrieve_body($answer)];
    }
}
