<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use UserrefLogin\Part;

/** Whoever could write our user meta could take over an account: no form, no REST and no XML-RPC may. */
final class ProtectedMeta implements Part
{
    public function register(): void
    {
        foreach (Users::METAS as $key) {
            register_meta('user', $key, [
                'type' => 'string',
                'single' => $key !== Users::META_REMOVED,
                'show_in_rest' => false,
                'auth_callback' => '__return_false',
            ]);
        }
        add_filter('is_protected_meta', static fn (bool $isProtected, string $key, string $type): bool
            => $isProtected || ($type === 'user' && in_array($key, Users::METAS, true)), 10, 3);
    }
}
