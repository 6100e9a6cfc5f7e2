<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * «My account» of our visitors: where WooCommerce has forms for addresses and account details, it says where these are
 * kept. Forms that are posted all the same are refused (`WC_Form_Handler::save_address`, `save_account_details`).
 */
final class Account implements Part
{
    public function __construct(private readonly Customers $customers, private readonly Options $options)
    {
    }

    public function register(): void
    {
        foreach (['edit-address', 'edit-account'] as $page) {
            add_action("woocommerce_account_{$page}_endpoint", fn () => $this->replacePage($page), 1);
        }
        add_action('woocommerce_after_save_address_validation', $this->refuse(...), 1);
        add_action('woocommerce_save_account_details_errors', $this->refuseDetails(...), 1);
        add_filter('woocommerce_my_account_my_address_formatted_address', $this->noAddress(...), PHP_INT_MAX);
        add_filter('woocommerce_my_account_my_address_description', $this->description(...), PHP_INT_MAX);
    }

    private function replacePage(string $page): void
    {
        if (!$this->customers->isVisitor()) {
            return;
        }
        // `woocommerce_account_edit_address()` and `…_edit_account()`, added by wc-template-hooks.php at 10.
        remove_action("woocommerce_account_{$page}_endpoint", 'woocommerce_account_' . strtr($page, '-', '_'));
        echo '<p>' . wp_kses($this->text(), ['a' => ['href' => []]]) . '</p>';
    }

    public function refuse(): void
    {
        if ($this->customers->isVisitor()) {
            wc_add_notice(wp_kses($this->text(), ['a' => ['href' => []]]), 'error');
        }
    }

    public function refuseDetails(mixed $errors): void
    {
        if ($errors instanceof \WP_Error && $this->customers->isVisitor()) {
            $errors->add('userref_my_data', $this->text());
        }
    }

    /** Lists of addresses outside of the page above. */
    public function noAddress(mixed $address): mixed
    {
        return $this->customers->isVisitor() ? [] : $address;
    }

    public function description(mixed $text): mixed
    {
        return $this->customers->isVisitor()
            ? esc_html__('This shop does not hold your address.', 'userref-login')
            : $text;
    }

    private function text(): string
    {
        $text = esc_html__(
            'This shop does not hold your name, your addresses or your e-mail. You see and change them in My data.',
            'userref-login'
        );
        $url = $this->options->myDataUrl();

        return $url === '' ? $text : sprintf(
            '%s <a href="%s">%s</a>',
            $text,
            esc_url($url),
            esc_html__('Open My data', 'userref-login'),
        );
    }
}
