<?php

declare(strict_types=1);

namespace HarbourAndHill;

use Userref\Attributes;
use Userref\Exception\ConsentRequired;
use Userref\Exception\UserrefThrowable;
use UserrefLogin\Plugin;

/** Where the next issue goes: read from the reader's own data when the page is shown, and never written down. */
final class PrintedIssue
{
    private const PURPOSE = 'order_delivery';
    private const ADDRESS = 'address:shipping';
    private const EMAIL = 'contact:email';

    public static function html(): string
    {
        if (Reader::session() === null) {
            return '<div class="hh-card" data-gate><p>Sign in, and share an address if you want the paper.</p><p>'
                . userref_login_button() . '</p></div>';
        }
        try {
            $shared = self::shared();
        } catch (UserrefThrowable $error) {
            return '<p class="hh-card" data-attributes-error>Your address cannot be read just now. Nothing is lost: '
                . 'none of it is kept here.' . ($error->isTransient() ? ' Please try again in a minute.' : '') . '</p>';
        }

        return $shared === null ? self::question() : self::card($shared);
    }

    /**
     * Fetched from the reader's cell now; null when the address is not shared, or no longer.
     *
     * @throws UserrefThrowable
     */
    private static function shared(): ?Attributes
    {
        $names = array_values(array_intersect([self::ADDRESS, self::EMAIL], Reader::session()->consents ?? []));
        if (!in_array(self::ADDRESS, $names, true)) {
            return null;
        }
        $site = Plugin::services()->site();
        try {
            return $site->attributes($names, self::PURPOSE);
        } catch (ConsentRequired $error) {
            $isGone = in_array(self::ADDRESS, $error->attributes, true);

            return $isGone ? null : $site->attributes([self::ADDRESS], self::PURPOSE);
        }
    }

    private static function card(Attributes $shared): string
    {
        if (!headers_sent()) {
            // WordPress forbids to reuse pages of people who are signed in; this one is not to be written down either.
            header('Cache-Control: no-store, private');
        }
        $hasEmail = in_array(self::EMAIL, $shared->names(), true);
        $email = $hasEmail
            ? 'The carrier may write to <bdi>' . esc_html((string) $shared->get(self::EMAIL)) . '</bdi>.'
            : 'You do not share an e-mail address, which is fine.';

        return '<div class="hh-card" data-personal><h2>The next issue goes to</h2>'
            . '<address data-attribute="' . self::ADDRESS . '">' . self::lines((array) $shared->get(self::ADDRESS))
            . '</address><p data-attribute="' . self::EMAIL . '">' . $email . '</p>'
            . '<p class="hh-soft">Read just now, for this page. Nothing of it is kept here.</p></div>';
    }

    private static function question(): string
    {
        $names = [self::ADDRESS, self::EMAIL];
        $path = Plugin::services()->site()->loginPath(Reader::path(), $names, self::PURPOSE);

        return '<div class="hh-card" data-question data-personal><p>You choose what to share, for this purpose alone, and '
            . 'take it back whenever you like.</p><p><a class="hh-button wp-element-button" rel="nofollow" href="' . esc_url($path)
            . '">Share a delivery address</a></p></div>';
    }

    /** @param array<string, string> $address as the contract has it; the street may have several lines */
    private static function lines(array $address): string
    {
        $part = static fn (string $name): string => $address[$name] ?? '';
        $town = trim($part('postal_code') . ' ' . $part('locality'));
        $text = implode("\n", [$part('recipient'), $part('street_address'), $town, $part('region'), $part('country')]);
        $lines = array_filter(explode("\n", $text), static fn (string $line): bool => $line !== '');

        return implode('<br>', array_map(static fn (string $line): string => '<bdi>' . esc_html($line) . '</bdi>', $lines));
    }
}
