<?php

declare(strict_types=1);

/** As includes/class-wc-data-store.php: says which store is behind it. */
final class WC_Data_Store
{
    public function __construct(private readonly object $store)
    {
    }

    public function get_current_class_name(): string
    {
        return $this->store::class;
    }
}
