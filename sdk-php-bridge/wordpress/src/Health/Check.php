<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

/** One question that Site Health and `wp userref doctor` ask. Other parts add theirs by the filter `userref_health_checks`. */
interface Check
{
    /** Letters and underscores. */
    public function name(): string;

    public function label(): string;

    /** Whether it asks a network, which takes seconds when something is wrong. */
    public function isSlow(): bool;

    public function run(): Result;
}
