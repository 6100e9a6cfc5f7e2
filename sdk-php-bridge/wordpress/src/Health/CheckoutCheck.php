<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

/** Which of WooCommerce's checkouts the shop has: addresses are kept out of both, and of no other. */
final class CheckoutCheck implements Check
{
    public function name(): string
    {
        return 'checkout';
    }

    public function label(): string
    {
        return __('Checkout of the shop', 'userref-login');
    }

    public function isSlow(): bool
    {
        return false;
    }

    public function run(): Result
    {
        $page = get_post(wc_get_page_id('checkout'));
        $isBlock = $page !== null && has_block('woocommerce/checkout', $page);
        $isClassic = $page !== null && has_shortcode($page->post_content, 'woocommerce_checkout');
        if ($isBlock || $isClassic) {
            return Result::good(
                $isBlock
                    ? __('The shop has the Checkout block', 'userref-login')
                    : __('The shop has the classic checkout', 'userref-login'),
                __('Addresses of people who sign in with Userref are kept out of its database.', 'userref-login')
            );
        }

        return Result::recommended(
            __('The checkout of the shop is neither the block nor the classic one', 'userref-login'),
            __('Orders are cleaned before they are saved, but a checkout of another plug-in may store what is typed by itself. Place an order as a member, and search a copy of the database for what you typed.', 'userref-login')
        );
    }
}
