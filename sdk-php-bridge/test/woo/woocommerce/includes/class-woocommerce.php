<?php

declare(strict_types=1);

/** As includes/class-woocommerce.php: `init`, `initialize_session`, `initialize_cart`, and where hooks are added. */
final class WooCommerce
{
    public ?WC_Session_Handler $session = null;
    public ?WC_Customer $customer = null;
    public ?WC_Cart $cart = null;
    public WC_Countries $countries;
    public WC_Gateways $payment_gateways;
    public string $version = '11.0.0';
    private static ?self $one = null;

    public static function instance(): self
    {
        return self::$one ??= new self();
    }

    private function __construct()
    {
        $this->countries = new WC_Countries();
        $this->payment_gateways = new WC_Gateways();
        add_action('init', $this->init(...), 0);
        add_action('rest_api_init', [WC_Store_Api::class, 'register']);
        add_action('rest_api_init', [WC_Store_Api_Orders::class, 'register']);
        add_action('rest_api_init', [WC_Rest_Orders::class, 'register']);
        add_action('rest_api_init', [WC_Rest_Customers::class, 'register']);
        WC_Form_Handler::init();
        WC_Ajax::init();
        WC_Pages::init();
        WC_Analytics::init();
        WC_Attribution::init();
        WC_Emails::init();
        WC_Email_Logger::init();
        WC_Webhook::init();
        WC_Coupons::init();
        WC_Download_Handler::init();
        WC_Stock_Notifications::init();
        WC_Order_Reviews::init();
    }

    private function init(): void
    {
        do_action('before_woocommerce_init');
        // `is_request('frontend')`: not in the dashboard, and not for the REST API, which loads the cart itself.
        if ((!is_admin() || wp_doing_ajax()) && !str_contains($_SERVER['REQUEST_URI'] ?? '', '/wp-json/')) {
            $this->load();
        }
        do_action('woocommerce_init');
    }

    public function load(): void
    {
        if ($this->session !== null) {
            return;
        }
        $class = apply_filters('woocommerce_session_handler', 'WC_Session_Handler');
        $this->session = new $class();
        $this->session->init();
        $this->customer = new WC_Customer(get_current_user_id(), true);
        add_action('shutdown', fn () => $this->customer->save(), 10);
        $this->cart = new WC_Cart();
    }

    public function checkout(): WC_Checkout
    {
        return WC_Checkout::instance();
    }

    public function payment_gateways(): WC_Gateways
    {
        return $this->payment_gateways;
    }
}
