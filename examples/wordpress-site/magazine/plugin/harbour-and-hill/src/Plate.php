<?php

declare(strict_types=1);

namespace HarbourAndHill;

/** A drawing for a story, made of its name: hills, water, and a light. Always the same for the same story. */
final class Plate
{
    private const WIDTH = 800;
    private const HEIGHT = 340;

    /** @param array<string, mixed> $attributes */
    public static function html(array $attributes, string $content, \WP_Block $block): string
    {
        $post = get_post((int) ($block->context['postId'] ?? get_the_ID()));
        if ($post === null) {
            return '';
        }
        $bytes = array_values((array) unpack('C*', hash('sha256', $post->post_name, true)));
        $shapes = '';
        foreach ([0.22, 0.38, 0.6] as $layer => $opacity) {
            $points = self::ridge(array_slice($bytes, $layer * 6, 6), 150 + $layer * 55);
            $shapes .= sprintf('<path d="%s" fill="currentColor" opacity="%s"/>', $points, $opacity);
        }
        $light = sprintf(
            '<circle cx="%d" cy="%d" r="%d" fill="currentColor" opacity="0.5"/>',
            120 + $bytes[20] * 2,
            50 + intdiv($bytes[21], 5),
            24 + intdiv($bytes[22], 12),
        );

        return sprintf(
            '<svg class="hh-plate" viewBox="0 0 %d %d" role="presentation" aria-hidden="true">%s</svg>',
            self::WIDTH,
            self::HEIGHT,
            $light . $shapes,
        );
    }

    /** @param list<int> $bytes heights of the ridge */
    private static function ridge(array $bytes, int $base): string
    {
        $step = self::WIDTH / (count($bytes) - 1);
        $path = sprintf('M0 %d L0 %d', self::HEIGHT, $base + intdiv($bytes[0], 4));
        foreach ($bytes as $index => $byte) {
            if ($index === 0) {
                continue;
            }
            $y = $base + intdiv($byte, 4);
            $before = $base + intdiv($bytes[$index - 1], 4);
            $middle = (int) (($index - 0.5) * $step);
            $path .= sprintf(' C%1$d %2$d %1$d %3$d %4$d %3$d', $middle, $before, $y, (int) ($index * $step));
        }

        return $path . sprintf(' L%d %d Z', self::WIDTH, self::HEIGHT);
    }
}
