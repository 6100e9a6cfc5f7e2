<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Part;
use UserrefLogin\Services;

/** The checks on WordPress's screen Tools → Site Health. Those that ask a network run after it is shown, by REST. */
final class SiteHealth implements Part
{
    private const REST = 'userref/v1';

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('site_status_tests', fn (array $tests): array => $this->addTests($tests));
        add_filter('debug_information', fn (array $sections): array => $sections + [
            'userref-login' => (new DebugInformation($this->services))->section(),
        ]);
        add_action('rest_api_init', fn () => $this->addRoute());
    }

    /** @return array<string, Check> by name */
    public static function checks(Services $services): array
    {
        $ours = [
            new BridgeCheck($services),
            new StartAddressCheck($services),
            new WebhookCheck($services),
            new HttpsCheck($services),
            new CatchUpCheck(),
            new SessionsCheck(),
            new ExtensionsCheck($services),
            new SecretsCheck($services),
            ...(class_exists('WooCommerce') ? [new CheckoutCheck()] : []),
        ];
        $checks = [];
        foreach (apply_filters('userref_health_checks', $ours) as $check) {
            if ($check instanceof Check) {
                $checks[$check->name()] = $check;
            }
        }

        return $checks;
    }

    /**
     * @param array<string, array<string, mixed>> $tests
     *
     * @return array<string, array<string, mixed>>
     */
    private function addTests(array $tests): array
    {
        foreach (self::checks($this->services) as $name => $check) {
            $run = static fn (): array => $check->run()->toSiteHealth($name);
            if ($check->isSlow()) {
                $tests['async']["userref_{$name}"] = [
                    'label' => $check->label(),
                    'test' => rest_url(self::REST . "/health/{$name}"),
                    'has_rest' => true,
                    'async_direct_test' => $run,
                ];
            } else {
                $tests['direct']["userref_{$name}"] = ['label' => $check->label(), 'test' => $run];
            }
        }

        return $tests;
    }

    private function addRoute(): void
    {
        register_rest_route(self::REST, '/health/(?P<check>[a-z_]{1,40})', [
            'methods' => 'GET',
            'permission_callback' => static fn (): bool => current_user_can('view_site_health_checks'),
            'callback' => function (\WP_REST_Request $request): \WP_REST_Response|\WP_Error {
                $check = self::checks($this->services)[$request['check']] ?? null;
                $found = $check?->run()->toSiteHealth($check->name());

                return $found === null ? new \WP_Error('userref_no_check', '', ['status' => 404]) : rest_ensure_response($found);
            },
        ]);
    }
}
