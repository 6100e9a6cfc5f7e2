<?php

declare(strict_types=1);

namespace App\Shop;

/** What is on the shelf. */
final class Catalogue
{
    private const PRODUCTS = [
        'wool-moss' => ['Moss Wool', 'Hand-dyed, 100 g', 1850],
        'linen-thread' => ['Linen Thread', 'Waxed, 50 m', 640],
        'bone-needles' => ['Wooden Needles', 'Birch, 4 mm', 1290],
        'mending-kit' => ['Mending Kit', 'For socks that deserve it', 2400],
    ];

    /** @return array<string, array{name: string, note: string, cents: int}> */
    public static function all(): array
    {
        return array_map(static fn (array $one) => array_combine(['name', 'note', 'cents'], $one), self::PRODUCTS);
    }

    public static function has(string $sku): bool
    {
        return isset(self::PRODUCTS[$sku]);
    }

    /** @param list<string> $items */
    public static function total(array $items): int
    {
        return array_sum(array_map(static fn (string $sku): int => self::PRODUCTS[$sku][2] ?? 0, $items));
    }

    /**
     * @param list<string> $items
     *
     * @return array<string, int> how many, by name
     */
    public static function lines(array $items): array
    {
        $names = array_map(static fn (string $sku): string => self::PRODUCTS[$sku][0] ?? $sku, $items);

        return array_count_values($names);
    }
}
