<?php

declare(strict_types=1);

namespace Userref;

/** Addresses on the site that Userref owns; each a path. */
final class Paths
{
    private const FORM = '~\A(?!.*(?://|/\.))/[A-Za-z0-9._\~/-]*\z~D';

    public function __construct(
        public readonly string $login = '/userref/login',
        /** Register `base_url` and this path as redirect URI. */
        public readonly string $callback = '/userref/callback',
        public readonly string $logout = '/userref/logout',
        /** Register `base_url` and this path as webhook endpoint. */
        public readonly string $webhook = '/userref/webhook',
    ) {
    }

    /**
     * @param array<array-key, mixed> $given
     * @param list<string> $problems
     */
    public static function fromArray(array $given, array &$problems): self
    {
        $paths = array_intersect_key($given, get_object_vars(new self()));
        foreach (array_keys(array_diff_key($given, $paths)) as $name) {
            $problems[] = "paths.{$name} is not a setting";
        }
        foreach ($paths as $name => $path) {
            if (!is_string($path) || preg_match(self::FORM, $path) !== 1) {
                $problems[] = "paths.{$name} must be a path such as /userref/{$name}";
                unset($paths[$name]);
            }
        }
        $all = new self(...$paths);
        if (count(array_unique(get_object_vars($all))) < 4) {
            $problems[] = 'paths must differ from one another';
        }

        return $all;
    }
}
