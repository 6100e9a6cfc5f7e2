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
        add_filter('userref_erase', $this->onErasure(...), 10, 2);
        add_filter('userref_export', $this->export(...), 10, 2);
    }

    public function onEvent(bool $isPurged, WebhookEvent $event): bool
    {
        $isConsent = in_array($event->type, [EventType::ConsentWithdrawn, EventType::ConsentExpired], true);
        $user = $isConsent ? $this->services->users()->find((string) $event->userRef()) : null;
        if ($user === null) {
            return $isPurged;
        }
        $purpose = (string) ($event->data['purpose'] ?? '');
        $names = $event->attributes() ?? [];
        $why = $event->type === EventType::ConsentExpired ? 'consent_expired' : 'consent_withdrawn';
        $this->eachOrder($user->ID, function (\WC_Order $order) use ($purpose, $names, $why): void {
            foreach (Record::cases() as $record) {
                $about = $this->records->about($order, $record);
                $isMeant = $about !== null && $about['purpose'] === $purpose
                    && array_intersect($about['names'], $names) !== [];
                if ($isMeant && $this->records->has($order, $record)) {
                    $this->records->dropWithNote($order, $record, $why);
                }
            }
        });
        $this->forgetSession($user->ID);

        return $isPurged;
    }

    /**
     * @param array{removed: bool, retained: bool, messages: list<string>} $outcome
     *
     * @return array{removed: bool, retained: bool, messages: list<string>}
     */
    public function onErasure(array $outcome, \WP_User $user): array
    {
        $this->eachOrder($user->ID, function (\WC_Order $order): void {
            foreach (Record::cases() as $record) {
                $this->records->drop($order, $record, 'erased');
            }
            // The account's address has the user_ref in it.
            $order->set_billing_email(Customers::NOBODY);
            $order->save();
        });
        $this->forgetSession($user->ID);

        return $outcome;
    }

    /**
     * For WordPress's export of personal data.
     *
     * @param list<array<string, mixed>> $items
     *
     * @return list<array<string, mixed>>
     */
    public function export(array $items, \WP_User $user): array
    {
        $this->eachOrder($user->ID, function (\WC_Order $order) use (&$items): void {
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

    /** @param callable(\WC_Order): void $work */
    private function eachOrder(int $userId, callable $work): void
    {
        $statuses = [...array_keys(wc_get_order_statuses()), 'wc-checkout-draft', 'trash'];
        for ($page = 1; true; $page++) {
            $orders = wc_get_orders([
                'type' => 'shop_order',
                'customer_id' => $userId,
                'status' => $statuses,
                'limit' => self::AT_ONCE,
                'paged' => $page,
                'orderby' => 'ID',
                'order' => 'ASC',
            ]);
            foreach ($orders as $order) {
                if ($order instanceof \WC_Order && $this->customers->isSealed($order)) {
                    $work($order);
                }
            }
            if (count($orders) < self::AT_ONCE) {
                return;
            }
        }
    }

    /** WooCommerce's row for the visitor holds the country that they shared; the cart is kept with the account. */
    private function forgetSession(int $userId): void
    {
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
