<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Sessions\CatchUp;

/** Whether WP-Cron runs: it asks for revocations whose webhook did not arrive. */
final class CatchUpCheck implements Check
{
    private const LATEST_SECONDS = 600;

    public function name(): string
    {
        return 'catch_up';
    }

    public function label(): string
    {
        return __('Missed revocations', 'userref-login');
    }

    public function isSlow(): bool
    {
        return false;
    }

    public function run(): Result
    {
        $next = self::next();
        if ($next !== null && $next >= time() - self::LATEST_SECONDS) {
            return Result::good(__('Missed revocations are asked for', 'userref-login'));
        }

        return Result::recommended(
            __('Missed revocations are not asked for', 'userref-login'),
            $next === null
                ? __('The task userref_catch_up is not scheduled. Deactivate the plug-in and activate it again.', 'userref-login')
                : __('WP-Cron has not run for ten minutes. Have the cron of the server call wp-cron.php, or “wp userref catch-up”, once a minute.', 'userref-login')
        );
    }

    /** When it runs next, in Unix seconds; null when it is not scheduled. The main site asks for a whole network. */
    public static function next(): ?int
    {
        if (!is_multisite() || is_main_site()) {
            return wp_next_scheduled(CatchUp::HOOK) ?: null;
        }
        switch_to_blog(get_main_site_id());
        try {
            return wp_next_scheduled(CatchUp::HOOK) ?: null;
        } finally {
            restore_current_blog();
        }
    }
}
