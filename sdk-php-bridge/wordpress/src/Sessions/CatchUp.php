<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\Exception\UserrefThrowable;
use Userref\Webhook\WebhookEvent;
use UserrefLogin\Part;
use UserrefLogin\Services;

/** Asks the bridge each minute, by WP-Cron, for revocations whose webhook did not arrive. */
final class CatchUp implements Part
{
    public const HOOK = 'userref_catch_up';
    private const EVERY = 'userref_minute';

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('cron_schedules', static fn (array $schedules): array => $schedules + [
            self::EVERY => ['interval' => 60, 'display' => 'Userref'],
        ]);
        add_action('init', static function (): void {
            // One site asks for the whole network: they share the table.
            if (is_main_site() && !wp_next_scheduled(self::HOOK)) {
                wp_schedule_event(time(), self::EVERY, self::HOOK);
            }
        });
        add_action(self::HOOK, $this->run(...));
    }

    /** @return int|null how many events were new; null when the bridge cannot be asked now, or a part could not purge */
    public function run(): ?int
    {
        if (!$this->services->isConfigured()) {
            return null;
        }
        try {
            return $this->services->userref()->catchUp(self::tell(...), self::purge(...));
        } catch (UserrefThrowable) {
            return null;
        }
    }

    private static function tell(WebhookEvent $event): void
    {
        do_action('userref_event', $event);
    }

    /** What a part could not purge comes again with the next run. */
    private static function purge(WebhookEvent $event): bool
    {
        return apply_filters('userref_purge', true, $event)
            ? true
            : throw new UserrefException(ErrorCode::ServiceUnavailable, 'The data of an event could not be purged yet.');
    }
}
