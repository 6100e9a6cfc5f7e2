<?php

declare(strict_types=1);

namespace UserrefLogin\Login;

use UserrefLogin\Part;
use UserrefLogin\Services;

/** Whoever signs out of WordPress signs out at the core too, and comes back to the start page. */
final class SignOut implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('logout_redirect', $this->address(...), PHP_INT_MAX);
    }

    /** @param mixed $address whatever other plug-ins have made of it */
    private function address(mixed $address): mixed
    {
        if (!$this->services->live()->hasEndedOne() || !$this->services->isConfigured()) {
            return $address;
        }
        // The token is gone and the session with it. Were it revoked as well, whoever does not finish signing out at the
        // core could not come back: their next login is of the same session there.
        $url = $this->services->userref()->logoutUrl(null);
        $host = (string) parse_url($url, PHP_URL_HOST);
        // WordPress sends nobody to a host that it has not been told of.
        add_filter('allowed_redirect_hosts', static fn (array $hosts): array => [...$hosts, $host]);

        return $url;
    }
}
