<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Exception\UserrefThrowable;
use UserrefLogin\Services;

/**
 * Whose data WooCommerce must not hold: members (a login made their account) always, and connected users (they joined a
 * `user_ref` to an account of their own) while they are signed in through Userref. Everybody else buys as ever.
 */
final class Customers
{
    /** An order's own name towards the core; whoever has the order cannot tell from it who ordered. */
    public const ORDER_REF = '_userref_order_ref';
    /** Of orders whose customer is no longer known here. */
    public const NOBODY = 'sealed@users.invalid';

    public function __construct(private readonly Services $services)
    {
    }

    /** Whether the visitor's data is ours to keep out. Asks no bridge. */
    public function isVisitor(): bool
    {
        return $this->isOurs(get_current_user_id());
    }

    public function isOurs(int $userId): bool
    {
        $users = $this->services->users();
        if ($userId <= 0 || !$users->isLinked($userId)) {
            return false;
        }

        return $users->isMember($userId) || ($userId === get_current_user_id() && $this->isSignedIn());
    }

    public function isMember(int $userId): bool
    {
        return $userId > 0 && $this->services->users()->isMember($userId);
    }

    public function isSignedIn(): bool
    {
        try {
            return $this->services->site()->user() !== null;
        } catch (UserrefThrowable) {
            return false;
        }
    }

    /** Whether the order's address is sealed and not stored. */
    public function isSealed(\WC_Abstract_Order $order): bool
    {
        return $this->orderRef($order) !== '';
    }

    public function orderRef(\WC_Abstract_Order $order): string
    {
        $ref = $order->get_meta(self::ORDER_REF);

        return is_string($ref) ? $ref : '';
    }

    public function userRefOf(\WC_Abstract_Order $order): ?string
    {
        $userId = $order instanceof \WC_Order ? (int) $order->get_customer_id('edit') : 0;

        return $userId > 0 ? $this->services->users()->userRefOf($userId) : null;
    }

    /** The address that stands where WooCommerce wants one. No mail reaches it by itself. */
    public function placeholderOf(int $userId): string
    {
        $userRef = $userId > 0 ? $this->services->users()->userRefOf($userId) : null;

        return $userRef === null ? self::NOBODY : $this->services->users()->placeholderOf($userRef);
    }

    public function isPlaceholder(string $address): bool
    {
        return $address === self::NOBODY || $this->services->users()->isPlaceholder($address);
    }
}
