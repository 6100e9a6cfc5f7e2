<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Attributes;
use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\Exception\UserrefThrowable;
use Userref\SealedAttributes;
use UserrefLogin\Services;

/** Keeps the envelopes of orders, through WooCommerce's own objects: right with and without HPOS. */
final class Records
{
    public function __construct(private readonly Services $services, private readonly Customers $customers)
    {
    }

    /**
     * Does not save the order.
     *
     * @param list<string> $names
     */
    public function put(
        \WC_Abstract_Order $order,
        Record $record,
        SealedAttributes $sealed,
        array $names,
        string $purpose,
    ): void {
        $order->update_meta_data($record->metaKey(), $sealed->sealed);
        $order->update_meta_data($record->aboutKey(), [
            'purpose' => $purpose,
            'names' => $names,
            'until' => $sealed->expiresAt->getTimestamp(),
            'gone' => '',
        ]);
    }

    public function has(\WC_Abstract_Order $order, Record $record): bool
    {
        return $this->envelope($order, $record) !== '';
    }

    /** @return array{purpose: string, names: list<string>, until: int, gone: string}|null null: never sealed */
    public function about(\WC_Abstract_Order $order, Record $record): ?array
    {
        $about = $order->get_meta($record->aboutKey());
        if (!is_array($about) || !is_string($about['purpose'] ?? null) || !is_array($about['names'] ?? null)) {
            return null;
        }

        return [
            'purpose' => $about['purpose'],
            'names' => array_values(array_filter($about['names'], 'is_string')),
            'until' => (int) ($about['until'] ?? 0),
            'gone' => (string) ($about['gone'] ?? ''),
        ];
    }

    /**
     * Opens a record for as long as `$use` runs. One that will never open again is deleted.
     *
     * @template T
     *
     * @param string $actor who opens it, a reference of the shop's own
     * @param callable(Attributes): T $use
     *
     * @return T
     *
     * @throws UserrefThrowable
     */
    public function open(\WC_Abstract_Order $order, Record $record, string $actor, callable $use): mixed
    {
        $about = $this->about($order, $record);
        if (!$this->has($order, $record)) {
            $isOver = ($about['gone'] ?? '') === ErrorCode::SealedExpired->value;
            throw new UserrefException($isOver ? ErrorCode::SealedExpired : ErrorCode::SealedDestroyed);
        }
        $orderRef = $this->customers->orderRef($order);
        $opened = false;
        try {
            return $this->services->userref()->unseal(
                $this->envelope($order, $record),
                $about['purpose'] ?? '',
                $orderRef,
                $actor,
                static function (Attributes $values) use ($use, &$opened): mixed {
                    $opened = true;

                    return $use($values);
                },
            );
        } catch (UserrefThrowable $error) {
            if (!$opened && Messages::isFinal($error)) {
                $this->dropWithNote($order, $record, $error->errorCode()->value);
            }
            throw $error;
        }
    }

    /** Deletes the envelope and keeps why. Does not save the order. */
    public function drop(\WC_Abstract_Order $order, Record $record, string $why): void
    {
        $about = $this->about($order, $record);
        $order->delete_meta_data($record->metaKey());
        if ($about !== null) {
            $order->update_meta_data($record->aboutKey(), ['gone' => $why] + $about);
        }
    }

    /** Saves it, and tells the people of the shop what it means for them. */
    public function dropWithNote(\WC_Abstract_Order $order, Record $record, string $why): void
    {
        $this->drop($order, $record, $why);
        $order->save_meta_data();
        if ($order instanceof \WC_Order) {
            $order->add_order_note($why === ErrorCode::SealedExpired->value
                ? Messages::forStaff(new UserrefException(ErrorCode::SealedExpired))
                : Messages::ofWithdrawal($record));
        }
    }

    private function envelope(\WC_Abstract_Order $order, Record $record): string
    {
        $sealed = $order->get_meta($record->metaKey());

        return is_string($sealed) ? $sealed : '';
    }
}
