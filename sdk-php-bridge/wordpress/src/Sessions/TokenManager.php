<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use UserrefLogin\Plugin;

/**
 * WordPress' own session tokens, without addresses and browsers of people. The entry of a token that a login by Userref
 * made holds that session, sealed; it is good for as long as the session is, and WordPress asks here at each request.
 */
final class TokenManager extends \WP_User_Meta_Session_Tokens
{
    /** Where a token's entry holds the session of Userref. */
    public const KEY = 'userref';

    /**
     * @param string $verifier
     *
     * @return array<string, mixed>|null
     */
    protected function get_session($verifier) // phpcs:ignore PSR1.Methods.CamelCapsMethodName
    {
        $entry = parent::get_session($verifier);
        $isDead = isset($entry[self::KEY]) && !Plugin::services()->live()->isLive($this->user_id, $entry[self::KEY]);

        return $isDead ? null : $entry;
    }

    /**
     * @param string $verifier
     * @param array<string, mixed>|null $session null ends it
     */
    protected function update_session($verifier, $session = null) // phpcs:ignore PSR1.Methods.CamelCapsMethodName
    {
        if ($session === null) {
            $entry = parent::get_session($verifier);
            Plugin::services()->live()->hasEnded($entry[self::KEY] ?? null);
        }
        parent::update_session($verifier, $session);
    }

    /** @param array<string, array<string, mixed>> $sessions */
    protected function update_sessions($sessions) // phpcs:ignore PSR1.Methods.CamelCapsMethodName
    {
        foreach ($sessions as $verifier => $session) {
            unset($sessions[$verifier]['ip'], $sessions[$verifier]['ua']);
        }
        parent::update_sessions($sessions);
    }

    /**
     * Takes the entries that are over out of the database.
     *
     * @param int|null $othersUntil and those without a session of Userref that began until then, in Unix seconds
     */
    public function prune(?int $othersUntil): void
    {
        $live = Plugin::services()->live();
        $sessions = $this->get_sessions();
        $kept = array_filter($sessions, fn (array $entry): bool => isset($entry[self::KEY])
            ? $live->isLive($this->user_id, $entry[self::KEY])
            : $othersUntil === null || ($entry['login'] ?? 0) > $othersUntil);
        if (count($kept) < count($sessions)) {
            $this->update_sessions($kept);
        }
    }
}
