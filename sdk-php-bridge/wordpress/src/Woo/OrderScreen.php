<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/** A box on the order's screen, that of HPOS and the one before it: what is sealed, until when, and how to open it. */
final class OrderScreen implements Part
{
    public function __construct(private readonly Customers $customers, private readonly Records $records)
    {
    }

    public function register(): void
    {
        add_action('add_meta_boxes', $this->addBox(...), 10, 2);
    }

    /** @param mixed $post the order's post, or with HPOS the order */
    public function addBox(mixed $screen, mixed $post = null): void
    {
        $order = $this->orderOf($post);
        if ($order === null || !$this->customers->isSealed($order)) {
            return;
        }
        add_meta_box(
            'userref-order',
            __('Sealed by Userref', 'userref-login'),
            function () use ($order): void {
                echo $this->html($order); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped
            },
            function_exists('wc_get_page_screen_id') ? wc_get_page_screen_id('shop-order') : 'shop_order',
            'side',
            'high',
        );
    }

    public function html(\WC_Order $order): string
    {
        $parts = [
            '<p>' . esc_html__(
                'Name, address and e-mail of this customer are not stored. Words such as “Sealed” stand in their places.',
                'userref-login'
            ) . '</p>',
            $this->recordHtml($order, Record::Shipping, __('Delivery address', 'userref-login')),
            $this->recordHtml($order, Record::Contact, __('E-mail for this order', 'userref-login')),
            $this->recordHtml($order, Record::Invoice, __('Invoice record', 'userref-login')),
        ];

        return implode('', $parts);
    }

    private function recordHtml(\WC_Order $order, Record $record, string $title): string
    {
        $about = $this->records->about($order, $record);
        if ($about === null) {
            return '';
        }
        $isThere = $this->records->has($order, $record);
        $isOver = $about['until'] <= time();
        $state = match (true) {
            $about['gone'] === 'sealed_expired', $isOver => __(
                'The time for opening it is over. Ask the customer another way.',
                'userref-login'
            ),
            !$isThere => __(
                'The customer no longer shares it: it can not be opened any more. Do not ship to an old label; '
                . 'ask the customer to share again, or cancel the order.',
                'userref-login'
            ),
            default => sprintf(
                /* translators: %s: a date */
                __('Opens until %s, while the customer shares it.', 'userref-login'),
                wp_date((string) get_option('date_format'), $about['until']),
            ),
        };
        $html = sprintf('<h4>%s</h4><p>%s</p>', esc_html($title), esc_html($state));
        $mayOpen = $isThere && !$isOver && $record !== Record::Contact && current_user_can(Labels::CAPABILITY);

        return $html . ($mayOpen ? $this->formHtml($order, $record) : '');
    }

    /** Links, since a form can not stand within the order's own form. They lead to a page that asks for the reason. */
    private function formHtml(\WC_Order $order, Record $record): string
    {
        return sprintf(
            '<p><a class="button" target="_blank" rel="noopener" href="%s">%s</a></p>',
            esc_url(PrintPage::address($order, $record)),
            $record === Record::Invoice
                ? esc_html__('Export the invoice record', 'userref-login')
                : esc_html__('Open the delivery address', 'userref-login'),
        );
    }

    private function orderOf(mixed $post): ?\WC_Order
    {
        $order = $post instanceof \WP_Post
            ? ($post->post_type === 'shop_order' ? wc_get_order($post->ID) : null)
            : $post;

        return $order instanceof \WC_Order ? $order : null;
    }
}
