<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Attributes;
use Userref\Exception\UserrefThrowable;
use UserrefLogin\Part;

/**
 * Opens a record of an order for somebody of the shop. First a page asks what for; the answer to its form is the one
 * page that holds the values. No cache keeps it, and its address says nothing of the customer.
 */
final class PrintPage implements Part
{
    private const ACTION = 'userref_open_record';

    public function __construct(
        private readonly Customers $customers,
        private readonly Records $records,
        private readonly Labels $labels,
    ) {
    }

    public static function address(\WC_Order $order, Record $record): string
    {
        return add_query_arg(
            ['action' => self::ACTION, 'order' => (int) $order->get_id(), 'record' => $record->value],
            admin_url('admin-post.php'),
        );
    }

    public function register(): void
    {
        add_action('admin_post_' . self::ACTION, $this->answer(...));
    }

    public function answer(): void
    {
        if (!current_user_can(Labels::CAPABILITY)) {
            wp_die(esc_html__('You may not open addresses of orders.', 'userref-login'), '', ['response' => 403]);
        }
        // phpcs:ignore WordPress.Security.NonceVerification.Recommended
        $query = array_filter(wp_unslash($_REQUEST), 'is_string');
        $order = wc_get_order(absint($query['order'] ?? 0));
        $record = Record::tryFrom($query['record'] ?? '');
        $isRecord = $record === Record::Shipping || $record === Record::Invoice;
        if (!$order instanceof \WC_Order || !$isRecord || !$this->customers->isSealed($order)) {
            wp_die(esc_html__('There is no such record.', 'userref-login'), '', ['response' => 404]);
        }
        $isPosted = ($_SERVER['REQUEST_METHOD'] ?? '') === 'POST';
        if ($isPosted) {
            check_admin_referer(self::nonce($order, $record));
        }
        $this->headers();
        echo $isPosted // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped
            ? $this->openedHtml($order, $record, $query['reason'] ?? '')
            : $this->askHtml($order, $record);
        exit;
    }

    private function openedHtml(\WC_Order $order, Record $record, string $reason): string
    {
        try {
            return $record === Record::Shipping
                ? $this->labels->with($order, fn (array $address): string => $this->labelHtml($order, $address), $reason)
                : $this->labels->openFor($order, $record, 'invoice', fn (Attributes $values): string
                    => $this->invoiceHtml($order, $values));
        } catch (UserrefThrowable $error) {
            status_header(409);

            return $this->page($order, '<p role="alert">' . esc_html(Messages::forStaff($error)) . '</p>');
        }
    }

    private function askHtml(\WC_Order $order, Record $record): string
    {
        $reasons = $record === Record::Invoice ? ['invoice'] : array_diff(Labels::REASONS, ['invoice']);
        $names = [
            'label' => __('To print a label', 'userref-login'),
            'return' => __('For a return', 'userref-login'),
            'question' => __('To answer a question of the customer', 'userref-login'),
            'invoice' => __('To write or prove an invoice', 'userref-login'),
        ];
        $options = '';
        foreach ($reasons as $reason) {
            $options .= sprintf('<option value="%s">%s</option>', esc_attr($reason), esc_html($names[$reason]));
        }

        return $this->page($order, sprintf(
            '<form method="post" action="%s">%s<p><label>%s <select name="reason" required>%s</select></label></p>'
            . '<p>%s</p><p><button>%s</button></p></form>',
            esc_url(self::address($order, $record)),
            wp_nonce_field(self::nonce($order, $record), '_wpnonce', false, false),
            esc_html__('What is it opened for?', 'userref-login'),
            $options,
            esc_html__('The order, and the customer’s own log, say that it was opened.', 'userref-login'),
            esc_html__('Open', 'userref-login'),
        ));
    }

    /** @param array<string, string> $address */
    private function labelHtml(\WC_Order $order, array $address): string
    {
        $lines = '<address>' . wp_kses(WC()->countries->get_formatted_address($address), ['br' => []]) . '</address>';
        $phone = $address['phone'] === '' ? '' : '<p>' . esc_html($address['phone']) . '</p>';

        return $this->page($order, $lines . $phone);
    }

    private function invoiceHtml(\WC_Order $order, Attributes $values): string
    {
        $address = WooAddress::from($values, 'address:billing');
        $rows = [
            __('Order', 'userref-login') => $order->get_order_number(),
            __('Date', 'userref-login') => (string) $order->get_date_created()?->date('Y-m-d'),
            __('Total', 'userref-login') => number_format((float) $order->get_total(), 2, '.', '') . ' '
                . $order->get_currency(),
        ];
        $html = '';
        foreach ($rows as $label => $value) {
            $html .= sprintf('<dt>%s</dt><dd>%s</dd>', esc_html($label), esc_html((string) $value));
        }
        $lines = wp_kses(WC()->countries->get_formatted_address($address), ['br' => []]);

        return $this->page($order, "<dl>{$html}</dl><address>{$lines}</address>");
    }

    private function page(\WC_Order $order, string $inner): string
    {
        /* translators: %s: number of an order */
        $title = esc_html(sprintf(__('Order %s', 'userref-login'), $order->get_order_number()));

        return '<!doctype html><html ' . get_language_attributes() . '><head><meta charset="utf-8">'
            . '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
            . "<title>{$title}</title><style>:root{color-scheme:light dark}body{font:1.1rem/1.5 sans-serif;margin:2rem;"
            . 'max-width:40rem}button,select{font:inherit;min-height:2.75rem;max-width:100%;'
            . 'box-sizing:border-box;padding:0 1rem}address{font-style:normal;'
            . "font-size:1.3rem}</style></head><body><h1>{$title}</h1>{$inner}</body></html>";
    }

    private function headers(): void
    {
        nocache_headers();
        header('Cache-Control: no-store, private');
        header('Content-Type: text/html; charset=utf-8');
        header('Referrer-Policy: no-referrer');
        header('X-Robots-Tag: noindex');
        header("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
            . "frame-ancestors 'none'; base-uri 'none'");
        if (!defined('DONOTCACHEPAGE')) {
            define('DONOTCACHEPAGE', true);
        }
    }

    private static function nonce(\WC_Order $order, Record $record): string
    {
        return self::ACTION . "_{$order->get_id()}_{$record->value}";
    }
}
