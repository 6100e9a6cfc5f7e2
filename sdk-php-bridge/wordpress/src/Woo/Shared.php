<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Exception\ConsentRequired;

/** A call for attributes answers for all of them or for none. What is wished and not shared is left out here. */
final class Shared
{
    /**
     * @template T
     *
     * @param list<string> $needed
     * @param list<string> $wished
     * @param callable(list<string>): T $call
     *
     * @return T
     *
     * @throws ConsentRequired when something needed is not shared
     */
    public static function of(array $needed, array $wished, callable $call): mixed
    {
        $names = array_values(array_unique([...$needed, ...$wished]));
        while (true) {
            try {
                return $call($names);
            } catch (ConsentRequired $error) {
                $left = array_values(array_diff($names, $error->attributes));
                if ($left === $names || array_diff($needed, $left) !== []) {
                    throw $error;
                }
                $names = $left;
            }
        }
    }
}
