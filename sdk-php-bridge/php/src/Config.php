<?php

declare(strict_types=1);

namespace Userref;

use Userref\Bridge\Address;
use Userref\Bridge\CurlTransport;
use Userref\Bridge\StreamTransport;
use Userref\Bridge\Transport;
use Userref\Cache\ApcuCache;
use Userref\Cache\Cache;
use Userref\Cache\MemoryCache;
use Userref\Exception\ConfigException;
use Userref\Revocation\RevocationStore;

/** The configuration, checked. Built by {@see fromArray}. */
final class Config
{
    private const KNOWN = [
        'bridge', 'bridge_secret', 'issuer', 'site', 'base_url', 'webhook_secret', 'webhook_public_key', 'paths',
        'after_logout', 'clock_tolerance_seconds', 'revocations', 'cache', 'logger', 'transport', 'clock',
    ];

    /**
     * @param Hidden<string> $bridgeSecret
     * @param Hidden<list<string>> $webhookSecrets
     * @param list<string> $webhookPublicKeys
     * @param \Psr\Log\LoggerInterface|null $logger
     * @param \Closure(): int $clock Unix seconds
     */
    private function __construct(
        public readonly Hidden $bridgeSecret,
        public readonly string $issuer,
        public readonly string $site,
        public readonly string $baseUrl,
        public readonly Hidden $webhookSecrets,
        public readonly array $webhookPublicKeys,
        public readonly Paths $paths,
        public readonly string $afterLogout,
        public readonly int $toleranceSeconds,
        public readonly RevocationStore $revocations,
        public readonly Cache $cache,
        public readonly ?object $logger,
        public readonly Transport $transport,
        public readonly \Closure $clock,
    ) {
    }

    /**
     * Checks everything at once, and touches neither bridge nor network.
     *
     * | key | meaning |
     * |---|---|
     * | `bridge` | `unix:/run/userref/bridge.sock` (default), or `http://127.0.0.1:port` |
     * | `bridge_secret` | one of the bridge's `USERREF_BRIDGE_SECRET` |
     * | `issuer`, `site`, `base_url` | as the bridge has them; nothing of them is ever read from a request |
     * | `webhook_secret` | `whsec_…`, or a list of them; `webhook_public_key`: `whpk_…` |
     * | `revocations` | a {@see RevocationStore} that all processes of the site share |
     * | `cache` | a {@see Cache}; default APCu where it is there, else for one request only |
     * | `paths`, `after_logout` | as the bridge has them |
     * | `clock_tolerance_seconds` | 0 to 60, default 60 |
     * | `logger` | any PSR-3 logger; `transport`: a {@see Transport}; `clock`: gives Unix seconds |
     *
     * @param array<string, mixed> $given
     *
     * @throws ConfigException with every problem
     */
    public static function fromArray(#[\SensitiveParameter] array $given): self
    {
        $problems = [];
        foreach (array_diff(array_keys($given), self::KNOWN) as $name) {
            $problems[] = "{$name} is not a setting";
        }
        $address = Address::parse((string) ($given['bridge'] ?? 'unix:/run/userref/bridge.sock'));
        $secrets = self::keys($given['webhook_secret'] ?? [], 'whsec_', 24, 64);
        $publicKeys = self::keys($given['webhook_public_key'] ?? [], 'whpk_', 32, 32);
        $tolerance = $given['clock_tolerance_seconds'] ?? 60;
        $store = $given['revocations'] ?? null;
        $baseUrl = rtrim((string) ($given['base_url'] ?? ''), '/');
        $afterLogout = $given['after_logout'] ?? '/';
        $logger = $given['logger'] ?? null;
        $cache = $given['cache'] ?? (ApcuCache::isAvailable() ? new ApcuCache() : new MemoryCache());
        $transport = $given['transport'] ?? null;
        $clock = $given['clock'] ?? time(...);
        $checks = [
            'bridge must be unix:/path or http://127.0.0.1:port' => $address !== null,
            'bridge_secret must be one of the secrets of the bridge'
                => preg_match('/\A[\x21-\x7e]{43,512}\z/D', (string) ($given['bridge_secret'] ?? '')) === 1,
            'issuer must be the https address of the core (http only for localhost)'
                => self::isAddress($given['issuer'] ?? null),
            'site must be the id of this site at the core'
                => preg_match('~\A[A-Za-z0-9._\~:/@-]{1,128}\z~D', (string) ($given['site'] ?? '')) === 1,
            'base_url must be the https origin of this site without a path (http only for localhost)'
                => self::isAddress($baseUrl) && preg_match('~\Ahttps?://[^/?#]+\z~D', $baseUrl) === 1,
            'webhook_secret must be whsec_ and the base64 of 24 to 64 bytes, or a list of such' => $secrets !== null,
            'webhook_public_key must be whpk_ and the base64 of 32 bytes, or a list of such' => $publicKeys !== null,
            'clock_tolerance_seconds must be a whole number from 0 to 60'
                => is_int($tolerance) && $tolerance >= 0 && $tolerance <= 60,
            'revocations must be a RevocationStore that all processes of the site share, such as PdoRevocationStore'
                => $store instanceof RevocationStore,
            'after_logout must be a path such as /' => is_string($afterLogout) && preg_match('~\A/(?!/)\S*\z~D', $afterLogout) === 1,
            'logger must be a PSR-3 logger' => $logger === null || (is_object($logger) && method_exists($logger, 'log')),
            'cache must be a Cache' => $cache instanceof Cache,
            'transport must be a Transport' => $transport === null || $transport instanceof Transport,
            'clock must give Unix seconds' => is_callable($clock),
        ];
        $paths = Paths::fromArray((array) ($given['paths'] ?? []), $problems);
        array_push($problems, ...array_keys(array_filter($checks, static fn (bool $holds): bool => !$holds)));
        if ($problems !== []) {
            throw new ConfigException($problems);
        }

        return new self(
            new Hidden($given['bridge_secret']),
            $given['issuer'],
            $given['site'],
            $baseUrl,
            new Hidden($secrets),
            $publicKeys,
            $paths,
            $afterLogout,
            $tolerance,
            $store,
            $cache,
            $logger,
            $transport ?? (function_exists('curl_init') ? new CurlTransport($address) : new StreamTransport($address)),
            $clock(...),
        );
    }

    private static function isAddress(mixed $text): bool
    {
        if (!is_string($text) || preg_match('/[\x00-\x20\x7f\\\\]/', $text) === 1) {
            return false;
        }
        $parts = parse_url($text);
        if (!is_array($parts) || !isset($parts['host']) || isset($parts['user']) || isset($parts['query']) || isset($parts['fragment'])) {
            return false;
        }
        $isLocal = in_array($parts['host'], ['localhost', '127.0.0.1', '[::1]'], true);

        return $parts['scheme'] === 'https' || ($parts['scheme'] === 'http' && $isLocal);
    }

    /** @return list<string>|null the bytes, or null when one of them is malformed */
    private static function keys(#[\SensitiveParameter] mixed $given, string $prefix, int $min, int $max): ?array
    {
        $keys = [];
        foreach (is_array($given) ? $given : [$given] as $text) {
            $isText = is_string($text) && str_starts_with($text, $prefix);
            $bytes = $isText ? base64_decode(substr($text, strlen($prefix)), true) : false;
            if ($bytes === false || strlen($bytes) < $min || strlen($bytes) > $max) {
                return null;
            }
            $keys[] = $bytes;
        }

        return $keys;
    }
}
