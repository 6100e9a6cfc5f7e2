<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * The last gate before the database: whatever filled an order of one of ours (a checkout, another plug-in, the REST
 * API, somebody of the shop), its address, its note, the visitor's IP address and browser do not get past it.
 *
 * `woocommerce_before_order_object_save` fires in `WC_Abstract_Order::save()` before the data store, HPOS or posts,
 * writes anything (WooCommerce 3.0 to 11). From the order's addresses the data stores also make the search indexes
 * (`_billing_address_index`, `OrdersTableDataStore::update_address_index_meta`) and Analytics its customers.
 */
final class OrderGuard implements Part
{
    /** Meta that checkouts and other plug-ins copy from what was posted. */
    private const COPIED = '/\A(?:_(?:billing|shipping)_(?!address_index\z|hash\z|method\z)'
        . '|_wc_(?:billing|shipping|other)\/|_additional_(?:billing_|shipping_)?fields\z|_?wc_order_attribution_)/';
    /** Orders that may be ours without our mark: those in the making. */
    private const DRAFTS = ['checkout-draft', 'auto-draft'];

    public function __construct(
        private readonly Customers $customers,
        private readonly Options $options,
        private readonly Sealer $sealer,
        private readonly FixedChoices $choices,
    ) {
    }

    public function register(): void
    {
        // Subscriptions are orders with an object type of their own.
        foreach (['order', 'subscription'] as $type) {
            // First, for whatever looks at the order or fails on the way to the data store; last, for what it puts in.
            foreach ([PHP_INT_MIN, PHP_INT_MAX] as $priority) {
                add_action("woocommerce_before_{$type}_object_save", $this->clean(...), $priority);
            }
        }
    }

    public function clean(mixed $order): void
    {
        if (!$order instanceof \WC_Order || !$this->isOurs($order)) {
            return;
        }
        if (!$this->customers->isSealed($order)) {
            $order->update_meta_data(Customers::ORDER_REF, $this->sealer->newOrderRef());
        }
        $this->cleanAddress($order, 'billing');
        $this->cleanAddress($order, 'shipping');
        $placeholder = $this->placeholderOf($order);
        if ($order->get_billing_email('edit') !== $placeholder) {
            $order->set_billing_email($placeholder);
        }
        $order->set_customer_ip_address('');
        $order->set_customer_user_agent('');
        if (!$this->options->keepsNotes()) {
            $order->set_customer_note('');
        }
        // Later it is the shop's own plug-ins that add meta, of which nothing is the visitor's.
        if ($this->customers->isVisitor()) {
            $this->cleanMeta($order);
        }
    }

    private function isOurs(\WC_Order $order): bool
    {
        // Of members always, also where a program has taken our mark away.
        if ($this->customers->isSealed($order) || $this->customers->isMember((int) $order->get_customer_id('edit'))) {
            return true;
        }
        $isInTheMaking = $order->get_id() === 0
            || array_key_exists('customer_id', $order->get_changes())
            || in_array($order->get_status('edit'), self::DRAFTS, true);

        return $isInTheMaking && $this->customers->isOurs((int) $order->get_customer_id('edit'));
    }

    /** @param 'billing'|'shipping' $type */
    private function cleanAddress(\WC_Order $order, string $type): void
    {
        $sealed = SealedAddress::of((string) $order->{"get_{$type}_country"}('edit'));
        foreach (SealedAddress::FIELDS as $field) {
            $get = "get_{$type}_{$field}";
            $set = "set_{$type}_{$field}";
            // `shipping_phone` came with WooCommerce 5.6.
            if (!is_callable([$order, $get])) {
                continue;
            }
            $value = (string) $order->$get('edit');
            if ($value !== '' && $value !== $sealed[$field]) {
                $order->$set($sealed[$field]);
            }
        }
    }

    /** It tells whose the envelopes are, so it stays when somebody of the shop gives the order to another account. */
    private function placeholderOf(\WC_Order $order): string
    {
        $now = (string) $order->get_billing_email('edit');
        $isKept = $now === Customers::NOBODY
            || ($this->customers->isPlaceholder($now) && $this->sealer->holdsAny($order));

        return $isKept ? $now : $this->customers->placeholderOf((int) $order->get_customer_id('edit'));
    }

    private function cleanMeta(\WC_Order $order): void
    {
        foreach ($order->get_meta_data() as $meta) {
            $key = (string) $meta->key;
            $isCopied = preg_match(self::COPIED, $key) === 1;
            $isWritten = (int) $meta->id === 0 || $meta->get_changes() !== [];
            $value = $isCopied ? $this->choices->cleanedMeta($key, $meta->value) : $meta->value;
            $value = $isWritten && !str_starts_with($key, '_userref_') ? Whereabouts::removedFrom($value) : $value;
            if ($value === null) {
                $order->delete_meta_data($key);
            } elseif ($value !== $meta->value) {
                $meta->value = $value;
            }
        }
    }
}
