<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Attributes;
use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\Exception\UserrefThrowable;
use UserrefLogin\Part;

/**
 * The delivery address of one order, in memory, for as long as something needs it: a label, a return, a plug-in of a
 * carrier. Within the scope the order's own methods give it (`get_shipping_…`, `get_address`), and nothing else does.
 *
 * The filters are `WC_Order::get_address_prop` (`woocommerce_order_get_shipping_…`) and `WC_Order::get_address`
 * (`woocommerce_get_order_address`). From the second one the data stores also make the search index when they save, so
 * the scope is shut while an order is saved, and while its status changes: that sends mails and webhooks.
 */
final class Labels implements Part
{
    public const CAPABILITY = 'userref_view_shipping';
    public const REASONS = ['label', 'return', 'question', 'invoice'];
    /** @var array<string, array<string, string>> by site and id of the order */
    private array $open = [];
    private int $saving = 0;

    public function __construct(private readonly Customers $customers, private readonly Records $records)
    {
    }

    public function register(): void
    {
        add_filter('userref_with_shipping_address', fn (mixed $result, mixed $order, mixed $use, mixed $reason = 'label')
            => $order instanceof \WC_Order && is_callable($use) && is_string($reason)
                ? $this->with($order, $use, $reason)
                : $result, 10, 4);
    }

    /**
     * Opens the order's address, runs `$use` and shuts it. Whoever opens it needs the capability
     * `userref_view_shipping`; the order says who opened it and what for.
     *
     * @template T
     *
     * @param callable(array<string, string>, \WC_Order): T $use gets the address by WooCommerce's names of fields
     * @param 'label'|'return'|'question'|'invoice' $reason
     *
     * @return T
     *
     * @throws UserrefThrowable `forbidden`, `sealed_expired`, `sealed_destroyed`, `sealed_not_open_yet`,
     *     `rate_limited`, … ({@see Messages::forStaff})
     */
    public function with(\WC_Order $order, callable $use, string $reason = 'label'): mixed
    {
        return $this->openFor($order, Record::Shipping, $reason, function (Attributes $values) use ($order, $use): mixed {
            $address = WooAddress::from($values);
            $before = $this->open;
            if ($before === []) {
                $this->addFilters();
            }
            $this->open[self::keyOf($order)] = $address;
            try {
                return $use($address, $order);
            } finally {
                $this->open = $before;
                if ($before === []) {
                    $this->removeFilters();
                }
            }
        });
    }

    /**
     * @template T
     *
     * @param callable(Attributes): T $use
     *
     * @return T
     *
     * @throws UserrefThrowable
     */
    public function openFor(\WC_Order $order, Record $record, string $reason, callable $use): mixed
    {
        $isAllowed = current_user_can(self::CAPABILITY) || (defined('WP_CLI') && constant('WP_CLI'));
        /** Jobs of a carrier's plug-in run with nobody signed in; a shop that lets them says so here. */
        if (!apply_filters('userref_may_open_address', $isAllowed, $order, $reason)) {
            throw new UserrefException(ErrorCode::Forbidden, 'You may not open addresses of orders.');
        }
        if (!in_array($reason, self::REASONS, true)) {
            throw new UserrefException(ErrorCode::InvalidRequest, 'Say what the address is opened for.');
        }
        $user = get_current_user_id();
        $actor = $user === 0 ? 'wordpress:job' : "wordpress:user:{$user}";

        return $this->records->open(
            $order,
            $record,
            $actor,
            function (Attributes $values) use ($order, $record, $reason, $user, $use): mixed {
                $this->note($order, $record, $reason, $user);

                return $use($values);
            },
        );
    }

    /** Whether the address may be shown just now. */
    public function isOpen(\WC_Abstract_Order $order): bool
    {
        return isset($this->open[self::keyOf($order)]) && !$this->isShut();
    }

    /** @internal for `woocommerce_order_get_shipping_…` */
    public function prop(mixed $value, mixed $order): mixed
    {
        $name = substr((string) current_filter(), strlen('woocommerce_order_get_shipping_'));

        return $order instanceof \WC_Order && $this->isOpen($order)
            ? $this->open[self::keyOf($order)][$name] ?? $value
            : $value;
    }

    /** @internal for `woocommerce_get_order_address` */
    public function address(mixed $address, mixed $type, mixed $order): mixed
    {
        return $type === 'shipping' && $order instanceof \WC_Order && $this->isOpen($order)
            ? $this->open[self::keyOf($order)] + (array) $address
            : $address;
    }

    /** @internal */
    public function shut(): void
    {
        $this->saving++;
    }

    /** @internal */
    public function reopen(): void
    {
        $this->saving = max(0, $this->saving - 1);
    }

    /** @internal at the end of the request, where `$use` ended it (`exit`, `wp_die`): no scope outlives it. */
    public function forget(): void
    {
        $this->open = [];
        $this->removeFilters();
    }

    /** Sites of a network count their orders each for itself (`switch_to_blog`). */
    private static function keyOf(\WC_Abstract_Order $order): string
    {
        return get_current_blog_id() . ':' . (int) $order->get_id();
    }

    private function isShut(): bool
    {
        if ($this->saving > 0) {
            return true;
        }
        foreach ((array) ($GLOBALS['wp_current_filter'] ?? []) as $hook) {
            if (str_starts_with((string) $hook, 'woocommerce_order_status_')) {
                return true;
            }
        }

        return false;
    }

    private function note(\WC_Order $order, Record $record, string $reason, int $user): void
    {
        $what = $record === Record::Invoice
            ? __('invoice record', 'userref-login')
            : __('delivery address', 'userref-login');
        $order->add_order_note(sprintf(
            /* translators: 1: what was opened, 2: what for, 3: number of a WordPress user, 0 for a job */
            __('Opened: %1$s. For: %2$s. By user %3$d.', 'userref-login'),
            $what,
            $reason,
            $user,
        ));
    }

    private function addFilters(): void
    {
        foreach (SealedAddress::FIELDS as $field) {
            add_filter("woocommerce_order_get_shipping_{$field}", [$this, 'prop'], PHP_INT_MAX, 2);
        }
        add_filter('woocommerce_get_order_address', [$this, 'address'], PHP_INT_MAX, 3);
        add_action('woocommerce_before_order_object_save', [$this, 'shut'], PHP_INT_MIN);
        add_action('woocommerce_after_order_object_save', [$this, 'reopen'], PHP_INT_MAX);
        add_action('shutdown', [$this, 'forget'], PHP_INT_MIN);
    }

    private function removeFilters(): void
    {
        foreach (SealedAddress::FIELDS as $field) {
            remove_filter("woocommerce_order_get_shipping_{$field}", [$this, 'prop'], PHP_INT_MAX);
        }
        remove_filter('woocommerce_get_order_address', [$this, 'address'], PHP_INT_MAX);
        remove_action('woocommerce_before_order_object_save', [$this, 'shut'], PHP_INT_MIN);
        remove_action('woocommerce_after_order_object_save', [$this, 'reopen'], PHP_INT_MAX);
        remove_action('shutdown', [$this, 'forget'], PHP_INT_MIN);
        $this->saving = 0;
    }
}
