<?php

declare(strict_types=1);

namespace UserrefLogin\Roles;

/** What roles may do with the plug-in. Given when it is installed; afterwards the site's own choice counts. */
final class Capabilities
{
    /** To open the address of an order. */
    public const VIEW_SHIPPING = 'userref_view_shipping';

    private const OF_ROLES = [
        'administrator' => [self::VIEW_SHIPPING],
        'shop_manager' => [self::VIEW_SHIPPING],
    ];

    /** @param list<string>|null $roles default all that get any */
    public static function grant(?array $roles = null): void
    {
        foreach (self::OF_ROLES as $name => $capabilities) {
            $role = $roles === null || in_array($name, $roles, true) ? get_role($name) : null;
            foreach ($role === null ? [] : $capabilities as $capability) {
                $role->add_cap($capability);
            }
        }
    }

    /** From every role, also from those that the site gave them to. */
    public static function remove(): void
    {
        foreach (array_keys(wp_roles()->roles) as $name) {
            get_role($name)?->remove_cap(self::VIEW_SHIPPING);
        }
    }
}
