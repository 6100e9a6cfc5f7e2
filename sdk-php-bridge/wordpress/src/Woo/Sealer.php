<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Contract\ErrorCode;
use Userref\Exception\ConsentRequired;
use Userref\Exception\UserrefException;
use Userref\Exception\UserrefThrowable;
use Userref\SealedAttributes;
use UserrefLogin\Services;

/**
 * Has the cell seal what an order needs later. It fails closed: what can not be sealed is not ordered. The values do
 * not pass through the shop.
 */
final class Sealer
{
    public const INVOICE_NAMES = ['profile:name', 'address:billing'];
    private const DAY = 86400;

    public function __construct(
        private readonly Services $services,
        private readonly Options $options,
        private readonly Customers $customers,
        private readonly Records $records,
    ) {
    }

    /**
     * Puts the records into the order, and does not save it.
     *
     * @throws CheckoutRefused with words for the customer
     */
    public function seal(\WC_Order $order): void
    {
        try {
            $this->sealRecords($order);
        } catch (UserrefThrowable $error) {
            throw new CheckoutRefused(Messages::forCustomer($error), 0, $error);
        }
    }

    /** Whether the order holds what it needs; what a customer withdrew since counts as held. */
    public function isSealed(\WC_Order $order): bool
    {
        $needed = $this->needsShipping($order) ? [Record::Shipping] : [];
        if ($this->options->invoicePurpose() !== null) {
            $needed[] = Record::Invoice;
        }
        foreach ($needed as $record) {
            if (!$this->records->has($order, $record)) {
                return false;
            }
        }

        return $this->customers->orderRef($order) !== '';
    }

    /** Whether the order holds any envelope. */
    public function holdsAny(\WC_Order $order): bool
    {
        foreach (Record::cases() as $record) {
            if ($this->records->has($order, $record)) {
                return true;
            }
        }

        return false;
    }

    public function newOrderRef(): string
    {
        return 'ord_' . bin2hex(random_bytes(16));
    }

    /** @throws UserrefThrowable */
    private function sealRecords(\WC_Order $order): void
    {
        $userRef = $this->customers->userRefOf($order) ?? throw new UserrefException(ErrorCode::NotSignedIn);
        if ($this->customers->orderRef($order) === '') {
            $order->update_meta_data(Customers::ORDER_REF, $this->newOrderRef());
        }
        $wished = $this->options->wished();
        $delivery = $this->options->purpose();
        $days = $this->options->fulfilmentDays();
        if ($this->needsShipping($order)) {
            $names = array_values(array_diff($wished, [Delivery::EMAIL, Delivery::COUNTRY]));
            $this->sealOne($order, $userRef, Record::Shipping, $delivery, $days, [Delivery::ADDRESS], $names);
        }
        if (in_array(Delivery::EMAIL, $wished, true)) {
            $this->sealContact($order, $userRef, $delivery, $days);
        }
        $invoice = $this->options->invoicePurpose();
        if ($invoice !== null) {
            $days = $this->options->invoiceDays();
            $this->sealOne($order, $userRef, Record::Invoice, $invoice, $days, self::INVOICE_NAMES, []);
        }
    }

    /** Who shares no e-mail address gets no mail, and may order all the same. */
    private function sealContact(\WC_Order $order, string $userRef, string $purpose, int $days): void
    {
        try {
            $this->sealOne($order, $userRef, Record::Contact, $purpose, $days, [Delivery::EMAIL], []);
        } catch (ConsentRequired) {
            $this->records->drop($order, Record::Contact, ErrorCode::ConsentRequired->value);
        }
    }

    /**
     * @param list<string> $needed
     * @param list<string> $wished
     *
     * @throws UserrefThrowable
     */
    private function sealOne(
        \WC_Order $order,
        string $userRef,
        Record $record,
        string $purpose,
        int $days,
        array $needed,
        array $wished,
    ): void {
        $until = new \DateTimeImmutable('@' . (time() + $days * self::DAY));
        $orderRef = $this->customers->orderRef($order);
        $sealedNames = [];
        $sealed = Shared::of(
            $needed,
            $wished,
            function (array $names) use ($userRef, $purpose, $orderRef, $until, &$sealedNames): SealedAttributes {
                $sealedNames = $names;

                return $this->services->userref()->seal($userRef, $names, $purpose, $orderRef, $until);
            },
        );
        $this->records->put($order, $record, $sealed, $sealedNames, $purpose);
    }

    private function needsShipping(\WC_Order $order): bool
    {
        $cart = WC()->cart;
        $isOfCart = $cart !== null && !$cart->is_empty() && $cart->needs_shipping();

        return $isOfCart || count($order->get_items('shipping')) > 0;
    }
}
