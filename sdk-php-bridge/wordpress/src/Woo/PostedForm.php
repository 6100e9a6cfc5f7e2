<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * What a form posts in our visitors' names is taken out of the request before anybody reads it: an old page, one of
 * another plug-in, a hostile one. WooCommerce reads `$_POST` in `WC_Checkout::get_posted_data`,
 * `WC_AJAX::update_order_review`, `WC_Form_Handler::save_address` and more; other plug-ins copy it into orders.
 */
final class PostedForm implements Part
{
    private const OURS = '/\A(?:(?:billing|shipping)_(?!method\z)|wc_order_attribution_|account_(?!password)|calc_shipping_(?:state|postcode|city)\z)/';
    /**
     * Names of `WC_AJAX::update_order_review`; elsewhere they may be anybody's. A page without fields posts all of them
     * empty (`checkout.js`), the country too: what is not posted stays as it is in the session.
     */
    private const OF_REVIEW = '/\A(?:s_)?(?:country|state|postcode|city|address|address_2)\z/';
    private const NOTE = 'order_comments';

    public function __construct(
        private readonly Customers $customers,
        private readonly Options $options,
        private readonly FixedChoices $choices,
    ) {
    }

    public function register(): void
    {
        // WC_Form_Handler reads forms at `wp_loaded` 20, AJAX comes later still.
        add_action('wp_loaded', $this->strip(...), 1);
    }

    public function strip(): void
    {
        // phpcs:ignore WordPress.Security.NonceVerification.Missing
        if ($_POST === [] || $this->isOfStaff() || !$this->customers->isVisitor()) {
            return;
        }
        $_POST = $this->stripped($_POST);
        $_REQUEST = $this->stripped($_REQUEST);
    }

    /** Screens of the dashboard are for orders and accounts of others. */
    private function isOfStaff(): bool
    {
        return is_admin() && (!wp_doing_ajax() || current_user_can('edit_shop_orders'));
    }

    /**
     * @param array<string, mixed> $form
     *
     * @return array<string, mixed>
     */
    private function stripped(array $form): array
    {
        $isReview = isset($form['post_data']);
        foreach ($form as $name => $value) {
            $isNote = $name === self::NOTE && !$this->options->keepsNotes();
            $isOurs = preg_match(self::OURS, (string) $name) === 1
                || ($isReview && preg_match(self::OF_REVIEW, (string) $name) === 1);
            $field = preg_replace('/\A_wc_(?:billing|shipping|other)\//', '', (string) $name) ?? '';
            if ($field !== (string) $name) {
                $form[$name] = $this->choices->cleaned($field, $value);
            } elseif ($isNote || $isOurs) {
                unset($form[$name]);
            }
        }
        // The whole form once more, as text, with each change on the page.
        if (is_string($form['post_data'] ?? null)) {
            parse_str(wp_unslash($form['post_data']), $inner);
            $form['post_data'] = wp_slash(http_build_query($this->stripped($inner)));
        }

        return $form;
    }
}
