<?php

declare(strict_types=1);

/** As includes/emails/class-wc-email.php: `send`, `get_recipient`, `get_headers`. */
final class WC_Email
{
    public ?WC_Order $object = null;

    public function __construct(
        public readonly string $id,
        public readonly string $title,
        private readonly bool $isForCustomer,
    ) {
    }

    public function trigger(WC_Order $order): void
    {
        $this->object = $order;
        $to = $this->isForCustomer ? $order->get_billing_email() : (string) get_option('admin_email');
        $to = (string) apply_filters("woocommerce_email_recipient_{$this->id}", $to, $order, $this);
        if ($to !== '') {
            $this->send($to, "{$this->title} {$order->get_order_number()}", $this->content($order), $this->headers());
        }
    }

    /** templates/emails/…: a greeting where the customer reads it, and email-addresses.php. */
    private function content(WC_Order $order): string
    {
        $template = $this->isForCustomer ? 'emails/customer-processing-order.php' : 'emails/admin-new-order.php';

        return wc_get_template_html($template, fn (): string => "{$this->title}\n"
            . "Hi {$order->get_billing_first_name()},\n"
            . wc_get_template_html('emails/email-addresses.php', fn (): string => $order->get_formatted_billing_address()
                . "\n{$order->get_formatted_shipping_address()}\n{$order->get_billing_email()}\n")
            . $order->get_customer_note());
    }

    private function headers(): string
    {
        $name = trim($this->object->get_billing_first_name() . ' ' . $this->object->get_billing_last_name());
        $from = $this->isForCustomer ? 'Shop <' . get_option('admin_email') . '>'
            : "{$name} <{$this->object->get_billing_email()}>";

        return "Content-Type: text/plain\r\nReply-to: {$from}\r\n";
    }

    public function send(string $to, string $subject, string $message, string $headers): bool
    {
        $callback = apply_filters('woocommerce_mail_callback', 'wp_mail', $this);
        $params = apply_filters('woocommerce_mail_callback_params', [$to, $subject, $message, $headers, []], $this);
        $isSent = (bool) $callback(...$params);
        do_action('woocommerce_email_sent', $isSent, $this->id, $this);

        return $isSent;
    }
}
