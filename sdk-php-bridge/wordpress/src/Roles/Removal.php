<?php

declare(strict_types=1);

namespace UserrefLogin\Roles;

use UserrefLogin\Sessions\CatchUp;
use UserrefLogin\Sessions\TransientCache;
use UserrefLogin\Sessions\WpdbRevocationStore;
use UserrefLogin\Settings\Settings;
use UserrefLogin\Users\Users;
use UserrefLogin\Woo\Record;

/**
 * Takes away what the plug-in has made, on all sites of a network. Accounts stay, with what people wrote and bought:
 * they hold no personal data, and who signs in after the plug-in was installed anew finds their account again.
 */
final class Removal
{
    private const SITES_AT_ONCE = 100;

    public static function run(): void
    {
        global $wpdb;
        LinkedSessions::end();
        foreach (Users::METAS as $key) {
            delete_metadata('user', 0, $key, '', true);
        }
        $wpdb->query('drop table if exists `' . (new WpdbRevocationStore($wpdb))->table() . '`');
        self::onEverySite(static function (): void {
            Capabilities::remove();
            wp_clear_scheduled_hook(CatchUp::HOOK);
            delete_option(Installation::OPTION);
            delete_option('userref_woo');
            self::removeEnvelopes();
            self::forgetTransients('_transient_', delete_transient(...));
        });
        delete_site_option(Settings::OPTION);
        self::forgetTransients('_site_transient_', delete_site_transient(...));
    }

    /** Of orders, which nobody could open any more. WooCommerce may be gone already: in both of its places. */
    private static function removeEnvelopes(): void
    {
        global $wpdb;
        // A shop has one table or both.
        $was = $wpdb->suppress_errors(true);
        foreach (Record::cases() as $record) {
            foreach ([$record->metaKey(), $record->aboutKey()] as $key) {
                delete_metadata('post', 0, $key, '', true);
                $wpdb->delete("{$wpdb->prefix}wc_orders_meta", ['meta_key' => $key]);
            }
        }
        $wpdb->suppress_errors($was);
    }

    private static function onEverySite(callable $work): void
    {
        if (!is_multisite()) {
            $work();

            return;
        }
        for ($offset = 0; $sites = self::sites($offset); $offset += self::SITES_AT_ONCE) {
            foreach ($sites as $site) {
                switch_to_blog($site);
                $work();
                restore_current_blog();
            }
        }
    }

    /** @return list<int> */
    private static function sites(int $offset): array
    {
        return get_sites(['fields' => 'ids', 'number' => self::SITES_AT_ONCE, 'offset' => $offset, 'orderby' => 'id']);
    }

    /**
     * @param '_transient_'|'_site_transient_' $prefix
     * @param \Closure(string): bool $forget
     */
    private static function forgetTransients(string $prefix, \Closure $forget): void
    {
        global $wpdb;
        [$table, $column] = is_multisite() && $prefix === '_site_transient_'
            ? [$wpdb->sitemeta, 'meta_key']
            : [$wpdb->options, 'option_name'];
        $like = $wpdb->esc_like("{$prefix}userref_") . '%';
        $names = $wpdb->get_col($wpdb->prepare("select {$column} from {$table} where {$column} like %s", $like));
        TransientCache::inDatabase(static function () use ($names, $prefix, $forget): void {
            foreach ($names as $name) {
                $forget(substr($name, strlen($prefix)));
            }
        });
    }
}
