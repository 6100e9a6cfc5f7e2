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
        $reader = Reader::session();
        if ($reader === null) {
            return '<div class="hh-card" data-gate><p>Sign in, and share an address if you want the paper.</p><p>'
                . userref_login_button() . '</p></div>';
        }
        if (!in_array(self::ADDRESS, $reader->consents, true)) {
            return self::question();
        }
        nocache_headers();
        try {
            $address = self::fetch(self::ADDRESS)->get(self::ADDRESS);
            $email = self::email();
        } catch (ConsentRequired) {
            return self::question();
        } catch (UserrefThrowable $error) {
            $sentence = $error->isTransient()
                ? 'Your address cannot be read just now. Nothing is lost: we hold none of it. Please try again in a minute.'
                : 'Your address cannot be read.';

            return '<p class="hh-card" data-attributes-error>' . $sentence . '</p>';
        }

        return '<div class="hh-card" data-personal><h2>The next issue goes to</h2><address data-attribute="' . self::ADDRESS
            . '">' . self::lines($address) . '</address><p data-attribute="' . self::EMAIL . '">' . $email . '</p>'
            . '<p class="hh-soft">Read just now, for this page. Nothing of it is kept here.</p></div>';
    }

    private static function fetch(string $name): Attributes
    {
        return Plugin::services()->site()->attributes([$name], self::PURPOSE);
    }

    private static function email(): string
    {
        if (!in_array(self::EMAIL, Reader::session()->consents ?? [], true)) {
            return 'You do not share an e-mail address, which is fine.';
        }
        $email = self::fetch(self::EMAIL)->get(self::EMAIL);

        return 'The carrier may write to ' . esc_html(is_array($email) ? (string) reset($email) : (string) $email) . '.';
    }

    private static function question(): string
    {
        $names = [self::ADDRESS, self::EMAIL];
        $path = Plugin::services()->site()->loginPath(Reader::path(), $names, self::PURPOSE);

        return '<div class="hh-card" data-question data-personal><p>You choose what to share, for this purpose alone, and take it '
            . 'back whenever you like.</p><p><a class="hh-button" rel="nofollow" href="' . esc_url($path)
            . '">Share a delivery address</a></p></div>';
    }

    /** @param array<string, mixed>|string|null $address as the contract has it (OpenID Connect Core §5.1.1) */
    private static function lines(array|string|null $address): string
    {
        if (!is_array($address)) {
            return esc_html((string) $address);
        }
        $town = trim(($address['postal_code'] ?? '') . ' ' . ($address['locality'] ?? ''));
        $parts = [$address['recipient'] ?? '', $address['street_address'] ?? '', $town, $address['country'] ?? ''];
        $lines = array_filter(explode("\n", implode("\n", array_map('strval', $parts))));

        return implode('<br>', array_map('esc_html', $lines));
    }
}
