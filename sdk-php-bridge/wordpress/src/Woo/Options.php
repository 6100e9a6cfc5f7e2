<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

/** What the shop's owner decides: the option `userref_woo`, on WooCommerce's own settings page. */
final class Options
{
    public const OPTION = 'userref_woo';
    public const STANDARD = [
        'purpose' => 'order_delivery',
        'fulfilment_days' => '60',
        'wished' => 'address:country profile:name contact:email',
        'invoice_purpose' => '',
        'invoice_days' => '400',
        'keep_notes' => 'no',
        'my_data_url' => '',
    ];
    /** The cell seals for no longer. */
    private const MOST_DAYS = 400;

    /** The purpose, as the operator registered it, that address and mail are asked for. */
    public function purpose(): string
    {
        return $this->word('purpose');
    }

    /** For how many days after the order is paid the delivery address opens. */
    public function fulfilmentDays(): int
    {
        return $this->days('fulfilment_days');
    }

    /** @return list<string> attributes that are asked for along with what an order needs */
    public function wished(): array
    {
        return preg_split('/[\s,]+/', $this->text('wished'), -1, PREG_SPLIT_NO_EMPTY) ?: [];
    }

    /** The purpose that a record for invoices is sealed for; null where the shop keeps none. */
    public function invoicePurpose(): ?string
    {
        $purpose = $this->word('invoice_purpose');

        return $purpose === '' ? null : $purpose;
    }

    public function invoiceDays(): int
    {
        return $this->days('invoice_days');
    }

    /** Whether orders keep what customers write to the shop. It is plain text in the database. */
    public function keepsNotes(): bool
    {
        return $this->text('keep_notes') === 'yes';
    }

    /** Where people see and change what they share; '' when the shop's owner has not said it. */
    public function myDataUrl(): string
    {
        return esc_url_raw($this->text('my_data_url'), ['https', 'http']);
    }

    private function days(string $name): int
    {
        return max(1, min(self::MOST_DAYS, (int) $this->text($name)));
    }

    private function word(string $name): string
    {
        $word = $this->text($name);

        return preg_match('/\A[a-z][a-z0-9_]{0,63}\z/D', $word) === 1 ? $word : self::STANDARD[$name];
    }

    private function text(string $name): string
    {
        $stored = get_option(self::OPTION, []);
        $value = is_array($stored) ? $stored[$name] ?? null : null;

        return is_string($value) && trim($value) !== '' ? trim($value) : self::STANDARD[$name];
    }
}
