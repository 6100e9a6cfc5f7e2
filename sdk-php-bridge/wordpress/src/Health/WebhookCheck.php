<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Services;

/** Whether webhooks would arrive: by REST, and where something shuts REST off, at the address that needs none of it. */
final class WebhookCheck implements Check
{
    /** What our own code answers to a webhook without headers. */
    private const OURS = 'webhook_headers_missing';

    public function __construct(private readonly Services $services)
    {
    }

    public function name(): string
    {
        return 'webhook';
    }

    public function label(): string
    {
        return __('Address for webhooks', 'userref-login');
    }

    public function isSlow(): bool
    {
        return true;
    }

    public function run(): Result
    {
        $settings = $this->services->settings();
        if (!$this->services->isConfigured()) {
            return Result::good(__('Sign-in by Userref is off', 'userref-login'));
        }
        if ($settings->get('webhook_secret') . $settings->get('webhook_public_key') === '') {
            return Result::critical(
                __('Webhooks have no secret', 'userref-login'),
                __('Sessions that are revoked at Userref end here only when this site catches up. Set USERREF_WEBHOOK_SECRET.', 'userref-login')
            );
        }
        $own = $settings->address('webhook');
        $rest = get_rest_url(get_main_site_id(), 'userref/v1/webhook');

        return self::judge(self::arrives($rest), self::arrives($own), $rest, $own);
    }

    private static function judge(?bool $byRest, ?bool $byPath, string $rest, string $own): Result
    {
        if ($byRest && $byPath) {
            return Result::good(__('Webhooks arrive', 'userref-login'));
        }
        if ($byRest === null && $byPath === null) {
            return Result::recommended(
                __('This site cannot ask itself', 'userref-login'),
                __('Its addresses for webhooks could not be tried from here.', 'userref-login')
            );
        }
        if (!$byRest && !$byPath) {
            return Result::critical(
                __('Webhooks do not arrive', 'userref-login'),
                __('Something in front of this plug-in answers its addresses for webhooks. Sessions that are revoked at Userref end here only when this site catches up.', 'userref-login')
            );
        }

        return Result::recommended(
            __('Webhooks arrive at one of two addresses', 'userref-login'),
            sprintf(
                /* translators: 1: address that works, 2: address that does not */
                __('Have them sent to %1$s. Something answers %2$s before this plug-in can.', 'userref-login'),
                $byRest ? $rest : $own,
                $byRest ? $own : $rest
            )
        );
    }

    /** Null when nothing answered. */
    private static function arrives(string $url): ?bool
    {
        $answer = Loopback::post($url, '{}', ['content-type' => 'application/json']);
        $problem = $answer === null ? null : json_decode($answer['body'], true);

        return $answer === null ? null : is_array($problem) && ($problem['code'] ?? null) === self::OURS;
    }
}
