<?php

declare(strict_types=1);

/** As includes/class-wc-meta-data.php. */
final class WC_Meta_Data
{
    public function __construct(
        public int $id,
        public string $key,
        public mixed $value,
        private readonly mixed $stored = null,
    ) {
    }

    /** @return array<string, mixed> */
    public function get_changes(): array
    {
        return $this->id === 0 || $this->value !== $this->stored ? ['value' => $this->value] : [];
    }
}
