<?php

declare(strict_types=1);

namespace UserrefLogin\Roles;

use UserrefLogin\Part;
use UserrefLogin\Plugin;
use UserrefLogin\Services;
use UserrefLogin\Sessions\CatchUp;

/**
 * What has to be in place on a site: the table and the capabilities. Looked at on every request by a version that
 * WordPress has loaded anyway, and not by WordPress's activation hook: that one is silent when the plug-in is updated,
 * when a network gets another site, and for must-use plug-ins.
 */
final class Installation implements Part
{
    public const OPTION = 'userref_login_version';
    private const SHOP = 'woocommerce/woocommerce.php';

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        if (get_option(self::OPTION) !== Plugin::VERSION) {
            $this->install();
        }
        add_action('activated_plugin', static function (string $plugin): void {
            if ($plugin === self::SHOP) {
                Capabilities::grant(['shop_manager']);
            }
        });
        register_deactivation_hook($this->services->file, static function (): void {
            // Keeps everything but what would go on without anybody watching over it.
            wp_clear_scheduled_hook(CatchUp::HOOK);
            LinkedSessions::end(except: get_current_user_id());
        });
    }

    /** May be done again. What an administrator has taken from a role since the first time stays taken. */
    public function install(): void
    {
        try {
            $this->services->revocations()->createTable();
        } catch (\RuntimeException) {
            // The site goes on without; the next request tries again. Until then nobody signs in by Userref.
            return;
        }
        if (get_option(self::OPTION) === false) {
            Capabilities::grant();
        }
        update_option(self::OPTION, Plugin::VERSION, true);
    }
}
