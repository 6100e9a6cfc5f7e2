<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Session\SessionStorage;
use UserrefLogin\Services;

/** In the entry of the visitor's session token: one for each browser, and gone with it. */
final class TokenSessionStorage implements SessionStorage
{
    public function __construct(private readonly Services $services)
    {
    }

    public function read(): mixed
    {
        $userId = get_current_user_id();
        $session = $userId === 0 ? null : \WP_Session_Tokens::get_instance($userId)->get(wp_get_session_token());

        return $session[TokenManager::KEY] ?? null;
    }

    public function write(array $session): void
    {
    }

    public function clear(): void
    {
    }
}
