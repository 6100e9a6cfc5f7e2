<?php

declare(strict_types=1);

/** As includes/class-wc-meta-data.php. What is new counts as stored already: only its id tells. */
final class WC_Meta_Data
{
    private mixed $stored;

    public function __construct(
        public int $id,
        public string $key,
        public mixed $value,
    ) {
        $this->stored = $value;
    }

    public function apply_changes(): void
    {
        $this->stored = $this->value;
    }

    /** @return array<string, mixed> */
    public function get_changes(): array
    {
        return $this->value !== $this->stored ? ['value' => $this->value] : [];
    }
}
