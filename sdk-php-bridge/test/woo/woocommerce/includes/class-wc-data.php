<?php

declare(strict_types=1);

/**
 * As includes/abstracts/abstract-wc-data.php: props by getters and setters, changes until they are saved, meta, and the
 * hooks around `save`. Addresses are groups of props (`abstract-wc-order.php`, `class-wc-customer.php`).
 */
abstract class WC_Data
{
    protected const ADDRESS = ['first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'state',
        'postcode', 'country', 'phone'];
    protected int $id = 0;
    /** @var array<string, mixed> */
    protected array $data = [];
    /** @var array<string, mixed> */
    protected array $changes = [];
    /** @var list<WC_Meta_Data> */
    protected array $meta = [];

    abstract protected function objectType(): string;

    abstract protected function store(): object;

    public function get_id(): int
    {
        return $this->id;
    }

    public function set_id(int $id): void
    {
        $this->id = $id;
    }

    /** @return array<string, mixed> */
    public function get_changes(): array
    {
        return $this->changes;
    }

    /** @return array<string, mixed> */
    public function get_data(): array
    {
        return array_replace_recursive($this->data, $this->changes);
    }

    public function apply_changes(): void
    {
        $this->data = array_replace_recursive($this->data, $this->changes);
        $this->changes = [];
    }

    /** @param array<string, mixed> $props null is left alone */
    public function set_props(array $props): void
    {
        foreach ($props as $name => $value) {
            if ($value !== null) {
                $this->{"set_{$name}"}($value);
            }
        }
    }

    /** `get_{prop}` and `set_{prop}`, those of addresses included. */
    public function __call(string $name, array $arguments): mixed
    {
        if (preg_match('/\A(get|set)_(.+)\z/', $name, $found) !== 1 || !$this->isProp($found[2])) {
            throw new BadMethodCallException($name);
        }
        if ($found[1] === 'set') {
            $this->setProp($found[2], $arguments[0]);

            return null;
        }

        return $this->getProp($found[2], $arguments[0] ?? 'view');
    }

    /** `is_callable` of WooCommerce's own methods: here they are made up as they are called. */
    public function has_prop(string $name): bool
    {
        return $this->isProp($name);
    }

    protected function isProp(string $name): bool
    {
        [$group, $field] = $this->split($name);

        return $group === null ? array_key_exists($name, $this->data) : array_key_exists($field, $this->data[$group]);
    }

    protected function getProp(string $name, string $context): mixed
    {
        [$group, $field] = $this->split($name);
        $value = $group === null
            ? $this->changes[$name] ?? $this->data[$name]
            : $this->changes[$group][$field] ?? $this->data[$group][$field];

        return $context === 'view'
            ? apply_filters("woocommerce_{$this->objectType()}_get_{$name}", $value, $this)
            : $value;
    }

    protected function setProp(string $name, mixed $value): void
    {
        [$group, $field] = $this->split($name);
        if (str_ends_with($name, 'email') && $value !== '' && !is_email((string) $value)) {
            throw new WC_Data_Exception('Invalid billing email address');
        }
        $was = $group === null ? $this->data[$name] : $this->data[$group][$field];
        $isChanged = $group === null ? isset($this->changes[$name]) : isset($this->changes[$group][$field]);
        // `set_prop`, `set_address_prop`: what is as it was is no change.
        if ($value === $was && !$isChanged) {
            return;
        }
        if ($group === null) {
            $this->changes[$name] = $value;
        } else {
            $this->changes[$group][$field] = $value;
        }
    }

    /** @return array{string|null, string} */
    private function split(string $name): array
    {
        foreach (['billing', 'shipping'] as $group) {
            $isOwn = array_key_exists($name, $this->data);
            if (!$isOwn && str_starts_with($name, "{$group}_") && isset($this->data[$group])) {
                return [$group, substr($name, strlen($group) + 1)];
            }
        }

        return [null, $name];
    }

    /** @return list<WC_Meta_Data> */
    public function get_meta_data(): array
    {
        return array_values(array_filter($this->meta, static fn (WC_Meta_Data $one): bool => $one->value !== null));
    }

    public function get_meta(string $key): mixed
    {
        foreach ($this->get_meta_data() as $meta) {
            if ($meta->key === $key) {
                return $meta->value;
            }
        }

        return '';
    }

    public function add_meta_data(string $key, mixed $value, bool $isUnique = false): void
    {
        if ($isUnique) {
            $this->delete_meta_data($key);
        }
        $this->meta[] = new WC_Meta_Data(0, $key, $value);
    }

    /** What has the key already keeps its id. */
    public function update_meta_data(string $key, mixed $value): void
    {
        $first = null;
        foreach ($this->meta as $one) {
            if ($one->key === $key) {
                $first ??= $one;
                $one->value = $one === $first ? $value : null;
            }
        }
        if ($first === null) {
            $this->add_meta_data($key, $value);
        }
    }

    /** Its rows go with the next save. */
    public function delete_meta_data(string $key): void
    {
        foreach ($this->meta as $one) {
            if ($one->key === $key) {
                $one->value = null;
            }
        }
    }

    /** Without the hooks around `save`. */
    public function save_meta_data(): void
    {
        $this->store()->saveMeta($this, $this->meta);
        $this->meta = $this->get_meta_data();
    }

    public function save(): int
    {
        do_action("woocommerce_before_{$this->objectType()}_object_save", $this, $this->dataStore());
        $this->store()->write($this);
        $this->apply_changes();
        do_action("woocommerce_after_{$this->objectType()}_object_save", $this, $this->dataStore());

        return $this->id;
    }

    private function dataStore(): WC_Data_Store
    {
        return new WC_Data_Store($this->store());
    }
}
