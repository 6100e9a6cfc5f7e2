<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

/**
 * Fields that a shop adds to its checkout (`woocommerce_register_additional_checkout_field`, since WooCommerce 8.6) may
 * be text, where a person may write anything, or a choice that says nothing of them. Choices are kept.
 */
final class FixedChoices
{
    private const CONTROLLER = 'Automattic\WooCommerce\Blocks\Domain\Services\CheckoutFields';
    private const CONTAINER = 'Automattic\WooCommerce\Blocks\Package';
    private const META = '/\A_wc_(?:billing|shipping|other)\/(.+)\z/D';
    /** All fields of an order in one meta: WooCommerce 8.6 to 8.8. */
    private const SETS = '/\A_additional_(?:billing_|shipping_)?fields\z/';

    /** What may stay of a field that was sent: choices as they are, text as one word that passes for filled in. */
    public function cleaned(string $field, mixed $value): mixed
    {
        if ($this->isChoice($field, $value)) {
            return $value;
        }

        return is_string($value) && $value !== '' ? SealedAddress::WORD : '';
    }

    /** Whether the classic checkout may show a field of a plug-in, and WooCommerce's own notes, which have a switch. */
    public function isField(mixed $field, mixed $name): bool
    {
        $type = is_array($field) ? (string) ($field['type'] ?? 'text') : 'text';
        $isChoice = in_array($type, ['select', 'radio', 'checkbox', 'multiselect', 'country', 'state'], true);

        return $isChoice || $name === 'order_comments' || $this->isListed((string) $name);
    }

    /** What may stay of meta that a checkout copied; null where nothing of it may. */
    public function cleanedMeta(string $key, mixed $value): mixed
    {
        if (preg_match(self::SETS, $key) === 1 && is_array($value)) {
            $names = array_keys($value);

            return array_combine($names, array_map($this->cleaned(...), array_map('strval', $names), $value));
        }
        $isField = preg_match(self::META, $key, $found) === 1;
        $mayStay = $value === '' || $value === SealedAddress::WORD || ($isField && $this->isChoice($found[1], $value));

        return $mayStay ? $value : null;
    }

    private function isChoice(string $field, mixed $value): bool
    {
        if (is_bool($value) || $value === 0 || $value === 1 || $value === '0' || $value === '1') {
            return true;
        }

        return is_string($value)
            && ($this->isListed($field) || ($this->fields()[$field]['type'] ?? 'text') === 'select');
    }

    /** @return list<string> text fields that the shop insists on in an address */
    public function textsOfAddresses(): array
    {
        $keys = $this->controller()?->get_address_fields_keys() ?? [];
        $isNeededText = static fn (array $field): bool
            => ($field['type'] ?? 'text') === 'text' && !empty($field['required']);

        return array_keys(array_filter(array_intersect_key($this->fields(), array_flip($keys)), $isNeededText));
    }

    private function isListed(string $field): bool
    {
        return in_array($field, (array) apply_filters('userref_woo_fixed_choices', []), true);
    }

    /** @return array<string, array<string, mixed>> */
    private function fields(): array
    {
        $fields = $this->controller()?->get_additional_fields();

        return is_array($fields) ? array_filter($fields, 'is_array') : [];
    }

    /** Where a WooCommerce keeps its fields elsewhere, every field counts as text. */
    private function controller(): ?object
    {
        if (!class_exists(self::CONTROLLER) || !class_exists(self::CONTAINER)) {
            return null;
        }
        try {
            return (self::CONTAINER)::container()->get(self::CONTROLLER);
        } catch (\Throwable) {
            return null;
        }
    }
}
