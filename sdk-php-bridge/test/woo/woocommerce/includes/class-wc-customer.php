<?php

declare(strict_types=1);

/** As includes/class-wc-customer.php; the constructor's `$is_session` chooses where it is kept. */
final class WC_Customer extends WC_Data
{
    private object $store;

    public function __construct(int $id = 0, bool $isSession = false)
    {
        $this->id = $id;
        $address = array_fill_keys(self::ADDRESS, '');
        $this->data = ['email' => '', 'first_name' => '', 'last_name' => '', 'display_name' => '', 'date_modified' => '',
            'billing' => $address + ['email' => ''], 'shipping' => $address];
        $users = new WC_Customer_Data_Store();
        $this->store = $isSession ? new WC_Customer_Data_Store_Session() : $users;
        if ($id > 0) {
            $users->read($this);
        }
        if ($isSession) {
            $this->store->read($this);
        }
    }

    protected function objectType(): string
    {
        return 'customer';
    }

    protected function store(): object
    {
        return $this->store;
    }

    public function get_is_vat_exempt(): bool
    {
        return false;
    }

    /** @param list<WC_Meta_Data> $meta */
    public function load(array $data, array $meta = []): void
    {
        $this->data = array_replace_recursive($this->data, $data);
        $this->meta = $meta ?: $this->meta;
    }
}
