<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Session\SessionStorage;
use UserrefLogin\Services;

/** In the entry of the visitor's session token: one for each browser, and gone with it. */
final class TokenSessionStorage implements SessionStorage
{
    /** A session with another of these is another one, and gets another token. */
    private const SAME = ['user_ref' => 0, 'sid' => 0, 'issued_at' => 0, 'expires_at' => 0];

    public function __construct(private readonly Services $services)
    {
    }

    public function read(): mixed
    {
        return $this->entry()[TokenManager::KEY] ?? null;
    }

    public function write(array $session): void
    {
        $entry = $this->entry();
        $before = $entry[TokenManager::KEY] ?? [];
        if (array_intersect_key($before, self::SAME) === array_intersect_key($session, self::SAME)) {
            $this->tokens()->update(wp_get_session_token(), [TokenManager::KEY => $session] + $entry);

            return;
        }
        (new SignIn($this->services))->as($session);
    }

    public function clear(): void
    {
        if ($this->read() !== null) {
            wp_logout();
        }
    }

    /** @return array<string, mixed>|null */
    private function entry(): ?array
    {
        return get_current_user_id() === 0 ? null : $this->tokens()->get(wp_get_session_token());
    }

    private function tokens(): \WP_Session_Tokens
    {
        return \WP_Session_Tokens::get_instance(get_current_user_id());
    }
}
