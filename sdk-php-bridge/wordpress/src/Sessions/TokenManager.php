<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

/** WordPress' own session tokens, without addresses and browsers of people. */
final class TokenManager extends \WP_User_Meta_Session_Tokens
{
    /** Where a token's entry holds the session of Userref. */
    public const KEY = 'userref';

    /** @param array<string, array<string, mixed>> $sessions */
    protected function update_sessions($sessions): void // phpcs:ignore PSR1.Methods.CamelCapsMethodName
    {
        foreach ($sessions as $verifier => $session) {
            unset($sessions[$verifier]['ip'], $sessions[$verifier]['ua']);
        }
        parent::update_sessions($sessions);
    }
}
