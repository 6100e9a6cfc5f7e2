<?php

declare(strict_types=1);

namespace UserrefLogin\Login;

use Userref\Web\IncomingRequest;
use UserrefLogin\Settings\Settings;

/** The request that WordPress is answering, as it came: WordPress puts slashes into `$_SERVER`. */
final class Requests
{
    private const OURS = '~\A(?:/index\.php)?/userref/(login|callback|logout|webhook)/?\z~D';

    public static function current(Settings $settings): IncomingRequest
    {
        $server = wp_unslash($_SERVER);
        [$path, $query] = explode('?', (string) ($server['REQUEST_URI'] ?? '/'), 2) + ['/', ''];
        $name = self::ownName($path, $settings);
        if ($name === 'login' && preg_match('/(?:\A|&)(?:return_to|target_link_uri)=/', $query) !== 1) {
            // The site's start page may lie below a folder.
            $query = ltrim("{$query}&return_to=" . rawurlencode("{$settings->homePath()}/"), '&');
        }

        return new IncomingRequest(
            strtoupper((string) ($server['REQUEST_METHOD'] ?? 'GET')),
            $name === null ? $path : $settings->path($name),
            $query,
            self::headers($server),
            static fn (): string => (string) file_get_contents('php://input', length: 65537),
        );
    }

    /** Which of our addresses a path is, with `index.php` and without; null for what is not ours. */
    public static function ownName(string $path, Settings $settings): ?string
    {
        $home = $settings->homePath();
        $rest = str_starts_with($path, $home) ? substr($path, strlen($home)) : '';

        return preg_match(self::OURS, $rest, $found) === 1 ? $found[1] : null;
    }

    /**
     * @param array<string, mixed> $server
     *
     * @return array<string, string>
     */
    private static function headers(array $server): array
    {
        $headers = [];
        foreach ($server as $name => $value) {
            if (str_starts_with((string) $name, 'HTTP_') && is_string($value)) {
                $headers[str_replace('_', '-', strtolower(substr((string) $name, 5)))] = $value;
            }
        }

        return $headers;
    }
}
