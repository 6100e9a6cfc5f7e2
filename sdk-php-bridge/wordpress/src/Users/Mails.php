<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use UserrefLogin\Part;
use UserrefLogin\Services;

/**
 * No mail goes to a placeholder. A part that fills in a real address in memory has its mail sent all the same by the
 * filter `userref_send_to_placeholder` (`bool $isSent, array $mail` as `wp_mail` has it).
 */
final class Mails implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('wp_mail', $this->withoutPlaceholders(...), PHP_INT_MAX);
        add_filter('pre_wp_mail', self::drop(...), PHP_INT_MAX, 2);
    }

    /**
     * @param array<string, mixed> $mail
     *
     * @return array<string, mixed> without placeholders; to an empty list where there was nothing else, so that nobody
     *     gets it where a function of another plug-in sends it in place of `wp_mail`
     */
    private function withoutPlaceholders(array $mail): array
    {
        if ($this->isSentOn($mail)) {
            return $mail;
        }
        $receivers = self::listOf($mail['to'] ?? '');
        $real = $this->real($receivers);
        if ($real !== $receivers) {
            $mail['to'] = $real;
        }
        $mail['headers'] = $this->copiesToReal($mail['headers'] ?? '');

        return $mail;
    }

    /**
     * True, as if it were sent, for a mail to nobody else: nobody waits for it.
     *
     * @param array<string, mixed> $mail
     */
    private static function drop(mixed $result, array $mail): mixed
    {
        return $result === null && ($mail['to'] ?? null) === [] ? true : $result;
    }

    /** @param array<string, mixed> $mail */
    private function isSentOn(array $mail): bool
    {
        return (bool) apply_filters('userref_send_to_placeholder', false, $mail);
    }

    /** @param string|array<mixed> $headers */
    private function copiesToReal(string|array $headers): string|array
    {
        $kept = [];
        foreach (is_array($headers) ? $headers : explode("\n", $headers) as $name => $line) {
            if (is_string($line) && preg_match('/\A\s*(b?cc)\s*:(.*)\z/is', $line, $found) === 1) {
                $real = implode(', ', $this->real(self::listOf($found[2])));
                $line = $real === '' ? null : "{$found[1]}: {$real}";
            }
            if ($line !== null) {
                $kept[$name] = $line;
            }
        }

        return is_array($headers) ? $kept : implode("\n", $kept);
    }

    /**
     * @param list<string> $receivers
     *
     * @return list<string>
     */
    private function real(array $receivers): array
    {
        $users = $this->services->users();

        return array_values(array_filter($receivers, static function (string $one) use ($users): bool {
            $address = preg_match('/<([^<>]*)>\s*\z/', $one, $found) === 1 ? $found[1] : $one;

            return !$users->isPlaceholder($address);
        }));
    }

    /**
     * @param string|array<mixed> $to
     *
     * @return list<string> `name@host` or `Name <name@host>`
     */
    private static function listOf(string|array $to): array
    {
        $parts = is_array($to) ? $to : explode(',', $to);

        return array_values(array_filter(array_map(static fn (mixed $one): string => trim((string) $one), $parts)));
    }
}
