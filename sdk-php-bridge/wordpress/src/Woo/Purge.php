<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Contract\EventType;
use Userref\Webhook\WebhookEvent;
use UserrefLogin\Part;
use UserrefLogin\Services;

/**
 * The person withdrew, or was erased: their envelopes go, and the core is told so. At the cell the keys are destroyed in
 * the moment of the withdrawal (decision 0022), so until this runs the envelopes are locked for good already.
 */
final class Purge implements Part
{
    private const AT_ONCE = 50;

    public function __construct(
        private readonly Services $services,
        private readonly Customers $customers,
        private readonly Records $records,
    ) {
    }

    public function register(): void
    {
        add_filter('userref_purge', $this->onEvent(...), 10, 2);
        add_filter('userref_erase', $this->onErasure(...), 10, 3);
        add_filter('userref_export', $this->export(...), 10, 3);
        // Orders that are older than the shop keeps them, too (`WC_Privacy_Erasers`); they are saved after this.
        add_action('woocommerce_privacy_before_remove_order_personal_data', $this->dropAll(...));
    }

    public function onEvent(bool $isPurged, WebhookEvent $event): bool
    {
        $userRef = (string) $event->userRef();
        $isConsent = in_array($event->type, [EventType::ConsentWithdrawn, EventType::ConsentExpired], true);
        $isErasure = $event->type === EventType::SubjectErased;
        $user = $isConsent || $isErasure ? $this->services->users()->find($userRef) : null;
        if ($isErasure && $user === null) {
            // Somebody of the shop has deleted the account, and its orders are there.
            $this->forgetOrders(0, $userRef);
        }

        return $isConsent ? $this->purge($isPurged, $event, $user->ID ?? 0) : $isPurged;
    }

    private function purge(bool $isPurged, WebhookEvent $event, int $userId): bool
    {
        $purpose = (string) ($event->data['purpose'] ?? '');
        $names = $event->attributes() ?? [];
        $why = $event->type === EventType::ConsentExpired ? 'consent_expired' : 'consent_withdrawn';
        $userRef = (string) $event->userRef();
        $this->eachOrder($userId, $userRef, function (\WC_Order $order) use ($purpose, $names, $why): void {
            foreach (Record::cases() as $record) {
                $about = $this->records->about($order, $record);
                $isMeant = $about !== null && $about['purpose'] === $purpose
                    && array_intersect($about['names'], $names) !== [];
                if ($isMeant && $this->records->has($order, $record)) {
                    $this->records->dropWithNote($order, $record, $why);
                }
            }
        });
        $this->forgetSession($userId);

        return $isPurged;
    }

    /**
     * @param array{removed: bool, retained: bool, messages: list<string>} $outcome
     *
     * @return array{removed: bool, retained: bool, messages: list<string>}
     */
    public function onErasure(array $outcome, \WP_User $user, string $userRef): array
    {
        $this->forgetOrders($user->ID, $userRef);
        $this->forgetSession($user->ID);

        return $outcome;
    }

    private function forgetOrders(int $userId, string $userRef): void
    {
        $this->eachOrder($userId, $userRef, function (\WC_Order $order): void {
            $this->dropAll($order);
            // The account's address has the user_ref in it.
            $order->set_billing_email(Customers::NOBODY);
            $order->save();
        });
        $this->forgetCopies($userRef);
    }

    private function dropAll(mixed $order): void
    {
        foreach ($order instanceof \WC_Order && $this->customers->isSealed($order) ? Record::cases() : [] as $record) {
            $this->records->drop($order, $record, 'erased');
        }
    }

    /**
     * What WooCommerce keeps beside orders and never writes again: customers of Analytics, who waits for stock or may
     * download, who wrote a review or wants no mails.
     */
    private function forgetCopies(string $userRef): void
    {
        global $wpdb;
        $address = $this->services->users()->placeholderOf($userRef);
        $copies = [
            ['wc_customer_lookup', ['username' => '', 'email' => Customers::NOBODY], ['username' => $userRef]],
            ['wc_customer_lookup', ['email' => Customers::NOBODY], ['email' => $address]],
            ['wc_stock_notifications', ['user_email' => Customers::NOBODY], ['user_email' => $address]],
            ['woocommerce_downloadable_product_permissions', ['user_email' => Customers::NOBODY], ['user_email' => $address]],
            // Reviews by the link of a mail, which the order signs for them (WooCommerce 10.8 and later).
            ['comments', ['comment_author_email' => ''], ['comment_author_email' => $address]],
        ];
        // A shop may lack one of the tables.
        $was = $wpdb->suppress_errors(true);
        foreach ($copies as [$table, $values, $where]) {
            $wpdb->update($wpdb->prefix . $table, $values, $where);
        }
        // Who wants no more mails of a kind (10.9 and later): whoever has a `user_ref` could look it up.
        $wpdb->delete("{$wpdb->prefix}wc_email_unsubscribes", ['email_hash' => hash('sha256', $address)]);
        $wpdb->suppress_errors($was);
    }

    /**
     * For WordPress's export of personal data.
     *
     * @param list<array<string, mixed>> $items
     *
     * @return list<array<string, mixed>>
     */
    public function export(array $items, \WP_User $user, string $userRef): array
    {
        $this->eachOrder($user->ID, $userRef, function (\WC_Order $order) use (&$items): void {
            $sealed = array_filter(Record::cases(), fn (Record $one): bool => $this->records->has($order, $one));
            $items[] = [
                'group_id' => 'userref-orders',
                'group_label' => __('Orders by Userref', 'userref-login'),
                'item_id' => "userref-order-{$order->get_id()}",
                'data' => [
                    ['name' => __('Order', 'userref-login'), 'value' => (string) $order->get_order_number()],
                    [
                        'name' => __('Reference towards the core', 'userref-login'),
                        'value' => $this->customers->orderRef($order),
                    ],
                    [
                        'name' => __('Sealed records, which the shop can not read', 'userref-login'),
                        'value' => implode(', ', array_map(static fn (Record $one): string => $one->value, $sealed)),
                    ],
                ],
            ];
        });

        return $items;
    }

    /**
     * Of the account, and of the person where the account is gone: WooCommerce gives orders of deleted users to nobody,
     * and leaves the address in them (`wc_reset_order_customer_id_on_deleted_user`).
     *
     * @param callable(\WC_Order): void $work
     */
    private function eachOrder(int $userId, string $userRef, callable $work): void
    {
        $ids = [
            ...($userId > 0 ? self::idsWhere(['customer_id' => $userId]) : []),
            ...self::idsWhere(['billing_email' => $this->services->users()->placeholderOf($userRef)]),
        ];
        foreach (array_unique($ids) as $id) {
            $order = wc_get_order($id);
            if ($order instanceof \WC_Order && $this->customers->isSealed($order)) {
                $work($order);
            }
        }
    }

    /**
     * All of them before anything is done: that may take an order out of the next page.
     *
     * @param array<string, mixed> $where
     *
     * @return list<int>
     */
    private static function idsWhere(array $where): array
    {
        $found = [];
        for ($page = 1; count($found) === ($page - 1) * self::AT_ONCE; $page++) {
            array_push($found, ...wc_get_orders($where + [
                // Subscriptions and the like copy an order's meta, and have statuses of their own.
                'type' => wc_get_order_types(),
                'status' => array_values(array_unique([
                    ...array_keys(wc_get_order_statuses()), 'wc-checkout-draft', ...get_post_stati(),
                ])),
                'limit' => self::AT_ONCE,
                'paged' => $page,
                'orderby' => 'ID',
                'order' => 'ASC',
                'return' => 'ids',
            ]));
        }

        return array_map('intval', $found);
    }

    /** WooCommerce's row for the visitor holds the country that they shared; the cart is kept with the account. */
    private function forgetSession(int $userId): void
    {
        if ($userId === 0) {
            return;
        }
        $session = WC()->session ?? null;
        if (!is_object($session) || !method_exists($session, 'delete_session')) {
            $class = (string) apply_filters('woocommerce_session_handler', 'WC_Session_Handler');
            $session = class_exists($class) ? new $class() : null;
        }
        if (is_object($session) && method_exists($session, 'delete_session')) {
            $session->delete_session((string) $userId);
        }
    }
}
