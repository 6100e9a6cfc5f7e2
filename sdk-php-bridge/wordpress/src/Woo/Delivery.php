<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Attributes;
use Userref\Exception\UserrefThrowable;
use UserrefLogin\Services;

/** What an order needs of the visitor, live from their cell: shown and used in this request, and kept nowhere. */
final class Delivery
{
    public const COUNTRY = 'address:country';
    public const ADDRESS = 'address:shipping';
    public const EMAIL = 'contact:email';
    private ?Attributes $values = null;
    private ?UserrefThrowable $problem = null;

    public function __construct(private readonly Services $services, private readonly Options $options)
    {
    }

    /** @return list<string> without which there is no order */
    public function needed(): array
    {
        if ($this->needsShipping()) {
            return [self::ADDRESS];
        }

        return in_array(self::COUNTRY, $this->options->wished(), true) ? [self::COUNTRY] : [];
    }

    public function needsShipping(): bool
    {
        return WC()->cart !== null && WC()->cart->needs_shipping();
    }

    /**
     * The values that the visitor shares: at least what is needed.
     *
     * @throws UserrefThrowable `consent_required`, `not_signed_in`, `bridge_unreachable`, …
     */
    public function values(): Attributes
    {
        if ($this->problem !== null) {
            throw $this->problem;
        }
        try {
            return $this->values ??= $this->fetch();
        } catch (UserrefThrowable $error) {
            throw $this->problem = $error;
        }
    }

    /**
     * Where rates and taxes are worked out for: the country that the person shares by itself, else that of the address
     * that they share for this order. Where neither is asked for, the shop's own.
     *
     * @throws UserrefThrowable
     */
    public function country(): string
    {
        $values = $this->values();
        $names = $values->names();
        if (in_array(self::COUNTRY, $names, true)) {
            return (string) $values->get(self::COUNTRY);
        }
        $address = in_array(self::ADDRESS, $names, true) ? $values->get(self::ADDRESS) : null;

        return is_array($address) ? (string) ($address['country'] ?? '') : WC()->countries->get_base_country();
    }

    /** The link that asks the visitor and comes back to the checkout; a login begins when it is followed. */
    public function askPath(): string
    {
        return $this->services->site()->loginPath(
            (string) wp_make_link_relative(wc_get_checkout_url()),
            array_values(array_unique([...$this->needed(), ...$this->options->wished()])),
            $this->options->purpose(),
        );
    }

    /** The same for the record that the shop must keep. */
    public function askInvoicePath(): string
    {
        return $this->services->site()->loginPath(
            (string) wp_make_link_relative(wc_get_checkout_url()),
            Sealer::INVOICE_NAMES,
            $this->options->invoicePurpose(),
        );
    }

    private function fetch(): Attributes
    {
        $site = $this->services->site();
        $shared = $site->requireUser()->consents;
        $wished = array_intersect($this->options->wished(), $shared);

        return Shared::of(
            $this->needed(),
            array_values($wished),
            fn (array $names): Attributes => $names === []
                ? new Attributes([])
                : $site->attributes($names, $this->options->purpose()),
        );
    }
}
