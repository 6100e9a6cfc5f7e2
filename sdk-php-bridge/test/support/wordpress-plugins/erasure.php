<?php

/*
 * Plugin Name: Erasure
 * Description: Holds something of people: what it does is said by the options test_export and test_erasure.
 */

declare(strict_types=1);

add_filter('userref_export', static fn (array $items): array => get_option('test_export') === false ? $items : [
    ...$items,
    [
        'group_id' => 'userref-orders',
        'group_label' => 'Orders',
        'item_id' => 'order',
        'data' => [['name' => 'Order', 'value' => get_option('test_export')]],
    ],
]);

add_filter('userref_erase', static function (array $outcome): array {
    if (get_option('test_erasure') === 'failing') {
        throw new RuntimeException('Erasing fails, for a test.');
    }

    return ['retained' => get_option('test_erasure') === 'retained'] + $outcome;
});
