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
use Userref\Cache\SignedCache;
use Userref\Exception\ConfigException;
use Userref\Revocation\RevocationStore;

/** The configuration, checked. Built by {@see fromArray}. */
final class Config
{
    private const KNOWN = [
        'bridge', 'bridge_secret', 'issuer', 'site', 'base_url', 'preview_origin', 'webhook_secret',
        'webhook_public_key', 'paths', 'after_logout', 'clock_tolerance_seconds', 'revocations', 'cache', 'logger',
        'transport', 'clock',
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
        /** Of the preview, when this is one. */
        public readonly string $baseUrl,
        public readonly ?string $previewOrigin,
        public readonly Hidden $webhookSecrets,
        public readonly array $webhookPublicKeys,
        public readonly Paths $paths,
        public readonly string $afterLogout,
        public readonly int $toleranceSeconds,
        public readonly RevocationStore $revocations,
        public readonly SignedCache $cache,
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
     * | `preview_origin` | its origin where this is a preview, in place of `base_url`; the bridge must allow it |
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
        $given += [
            'bridge' => 'unix:/run/userref/bridge.sock',
            'webhook_secret' => [],
            'webhook_public_key' => [],
            'clock_tolerance_seconds' => 60,
            'after_logout' => '/',
            'paths' => [],
        ];
        $problems = [];
        foreach (array_diff(array_keys($given), self::KNOWN) as $name) {
            $problems[] = "{$name} is not a setting";
        }
        $address = Address::parse(self::text($given, 'bridge'));
        $secrets = self::keys($given['webhook_secret'], 'whsec_', 24, 64);
        $publicKeys = self::keys($given['webhook_public_key'], 'whpk_', 32, 32);
        $paths = Paths::fromArray((array) $given['paths'], $problems);
        $checks = self::identityChecks($given) + self::behaviourChecks($given) + self::partChecks($given) + [
            'bridge must be unix:/path or http://127.0.0.1:port' => $address !== null,
            'webhook_secret must be whsec_ and the base64 of 24 to 64 bytes, or a list of such' => $secrets !== null,
            'webhook_public_key must be whpk_ and the base64 of 32 bytes, or a list of such' => $publicKeys !== null,
        ];
        array_push($problems, ...array_keys($checks, false, true));
        if ($problems !== []) {
            throw new ConfigException($problems);
        }

        // As browsers write it in `Origin`.
        $baseUrl = strtolower(rtrim($given['preview_origin'] ?? $given['base_url'], '/'));
        $baseUrl = preg_replace('~\A(?:(https:.+):443|(http:.+):80)\z~D', '$1$2', $baseUrl);
        $clock = \Closure::fromCallable($given['clock'] ?? time(...));

        return new self(
            new Hidden($given['bridge_secret']),
            $given['issuer'],
            $given['site'],
            $baseUrl,
            $given['preview_origin'] ?? null,
            new Hidden($secrets),
            $publicKeys,
            $paths,
            $given['after_logout'],
            $given['clock_tolerance_seconds'],
            $given['revocations'],
            self::cache($given, $baseUrl, $clock),
            $given['logger'] ?? null,
            $given['transport'] ?? self::transportTo($address),
            $clock,
        );
    }

    /**
     * @param array<string, mixed> $given
     *
     * @return array<string, bool> what must hold, and whether it does
     */
    private static function identityChecks(#[\SensitiveParameter] array $given): array
    {
        $isOrigin = static fn (string $text): bool
            => self::isAddress($text) && preg_match('~\Ahttps?://[^/?#*]+\z~D', $text) === 1;

        return [
            'bridge_secret must be one of the secrets of the bridge'
                => preg_match('/\A[\x21-\x7e]{43,512}\z/D', self::text($given, 'bridge_secret')) === 1,
            'issuer must be the https address of the core (http only for localhost)'
                => self::isAddress(self::text($given, 'issuer')),
            'site must be the id of this site at the core'
                => preg_match('~\A[A-Za-z0-9._\~:/@-]{1,128}\z~D', self::text($given, 'site')) === 1,
            'base_url must be the https origin of this site without a path (http only for localhost)'
                => $isOrigin(rtrim(self::text($given, 'base_url'), '/')),
            'preview_origin must be the https origin of this preview without a path (http only for localhost)'
                => !isset($given['preview_origin']) || $isOrigin(self::text($given, 'preview_origin')),
        ];
    }

    /**
     * @param array<string, mixed> $given
     *
     * @return array<string, bool>
     */
    private static function behaviourChecks(#[\SensitiveParameter] array $given): array
    {
        $tolerance = $given['clock_tolerance_seconds'];

        return [
            'clock_tolerance_seconds must be a whole number from 0 to 60'
                => is_int($tolerance) && $tolerance >= 0 && $tolerance <= 60,
            'after_logout must be a path such as /'
                => preg_match('~\A/(?!/)[\x21-\x5b\x5d-\x7e]*\z~D', self::text($given, 'after_logout')) === 1,
            'revocations must be a RevocationStore that all processes of the site share, such as PdoRevocationStore'
                => ($given['revocations'] ?? null) instanceof RevocationStore,
        ];
    }

    /**
     * @param array<string, mixed> $given
     *
     * @return array<string, bool>
     */
    private static function partChecks(#[\SensitiveParameter] array $given): array
    {
        $logger = $given['logger'] ?? null;
        $isLogger = is_object($logger) && method_exists($logger, 'log');

        return [
            'logger must be a PSR-3 logger' => $logger === null || $isLogger,
            'cache must be a Cache' => ($given['cache'] ?? new MemoryCache()) instanceof Cache,
            'transport must be a Transport' => !isset($given['transport']) || $given['transport'] instanceof Transport,
            'clock must give Unix seconds' => !isset($given['clock']) || is_callable($given['clock']),
        ];
    }

    /** @param array<string, mixed> $given */
    private static function cache(#[\SensitiveParameter] array $given, string $baseUrl, \Closure $clock): SignedCache
    {
        ['issuer' => $issuer, 'site' => $site, 'bridge_secret' => $secret] = $given;
        $usual = ApcuCache::isAvailable() ? new ApcuCache($issuer, $site) : new MemoryCache();

        return new SignedCache($given['cache'] ?? $usual, $secret, [$issuer, $site, $baseUrl], $clock);
    }

    private static function transportTo(Address $address): Transport
    {
        return function_exists('curl_init') ? new CurlTransport($address) : new StreamTransport($address);
    }

    /** @param array<string, mixed> $given */
    private static function text(#[\SensitiveParameter] array $given, string $name): string
    {
        $value = $given[$name] ?? '';

        return is_string($value) ? $value : '';
    }

    private static function isAddress(string $text): bool
    {
        if (preg_match('/[\x00-\x20\x7f\\\\]/', $text) === 1) {
            return false;
        }
        $parts = parse_url($text);
        if (!is_array($parts) || array_diff(array_keys($parts), ['scheme', 'host', 'port', 'path']) !== []) {
            return false;
        }
        ['scheme' => $scheme, 'host' => $host] = $parts + ['scheme' => '', 'host' => ''];
        $isLocal = preg_match('/\A(?:(?:[a-z0-9-]+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])\z/Di', $host) === 1;

        return $host !== '' && ($scheme === 'https' || ($scheme === 'http' && $isLocal));
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
