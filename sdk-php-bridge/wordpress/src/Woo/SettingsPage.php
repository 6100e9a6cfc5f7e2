<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/** WooCommerce → Settings → Advanced → Userref. WooCommerce shows, checks and keeps the fields (`WC_Admin_Settings`). */
final class SettingsPage implements Part
{
    private const SECTION = 'userref';

    public function register(): void
    {
        add_filter('woocommerce_get_sections_advanced', function (mixed $sections): mixed {
            return is_array($sections) ? $sections + [self::SECTION => 'Userref'] : $sections;
        });
        add_filter('woocommerce_get_settings_advanced', function (mixed $fields, mixed $section = ''): mixed {
            return $section === self::SECTION ? $this->fields() : $fields;
        }, 10, 2);
    }

    /** @return list<array<string, mixed>> */
    private function fields(): array
    {
        return [
            [
                'type' => 'title',
                'id' => 'userref_woo',
                'title' => __('Orders of people who sign in with Userref', 'userref-login'),
                'desc' => __(
                    'Addresses and e-mails of these customers are not stored. Orders hold sealed records instead. The '
                    . 'core must have this site registered for address:country, address:shipping, contact:email, '
                    . 'profile:name and sealed.',
                    'userref-login'
                ),
            ],
            self::field('purpose', 'text', __('Purpose of delivery', 'userref-login'), __(
                'As it is registered at the core.',
                'userref-login'
            )),
            self::field('wished', 'text', __('Asked for along with the address', 'userref-login'), __(
                'Names of attributes. Without contact:email, customers get no mails about their orders.',
                'userref-login'
            )),
            self::field('fulfilment_days', 'number', __('Days that an address opens', 'userref-login'), __(
                'After the order is paid. At most 400, and never longer than the customer shares it.',
                'userref-login'
            )),
            self::field('invoice_purpose', 'text', __('Purpose of invoices', 'userref-login'), __(
                'Empty: no record for invoices. Otherwise each order seals the billing address a second time.',
                'userref-login'
            )),
            self::field('invoice_days', 'number', __('Days that an invoice record opens', 'userref-login'), ''),
            self::field('keep_notes', 'checkbox', __('Order notes', 'userref-login'), __(
                'Keep what customers write to the shop. It is stored as plain text, with a warning beside the field.',
                'userref-login'
            )),
            self::field('my_data_url', 'url', __('Address of My data', 'userref-login'), __(
                'Where customers see and change what they share.',
                'userref-login'
            )),
            ['type' => 'sectionend', 'id' => 'userref_woo'],
        ];
    }

    /** @return array<string, mixed> */
    private static function field(string $name, string $type, string $title, string $description): array
    {
        return [
            'type' => $type,
            'id' => Options::OPTION . "[{$name}]",
            'title' => $title,
            'desc' => $description,
            'default' => Options::STANDARD[$name],
            'desc_tip' => $type !== 'checkbox',
        ];
    }
}
