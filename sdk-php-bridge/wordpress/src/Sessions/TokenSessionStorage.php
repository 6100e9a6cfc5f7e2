<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Session\SessionStorage;
use UserrefLogin\Services;

/** In the entry of the visitor's session token: one for each browser, and gone with it. */
final class TokenSessionStorage implements SessionStorage
{
    private bool $isLogin = false;

    public function __construct(private readonly Services $services)
    {
    }

    /** What is written next comes from a login, and gets a token that nobody knew before. */
    public function expectLogin(): void
    {
        $this->isLogin = true;
    }

    public function read(): mixed
    {
        return $this->entry()[TokenManager::KEY] ?? null;
    }

    public function write(array $session): void
    {
        $entry = $this->entry();
        $isSame = ($entry[TokenManager::KEY]['sid'] ?? null) === $session['sid'];
        if ($isSame && !$this->isLogin) {
            $this->tokens()->update(wp_get_session_token(), [TokenManager::KEY => $session] + $entry);

            return;
        }
        $this->isLogin = false;
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
