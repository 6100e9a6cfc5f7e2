<?php

declare(strict_types=1);

/** As includes/class-wc-install.php: the tables that a checkout writes to, with the columns that matter. */
final class WC_Install
{
    public static function install(): void
    {
        global $wpdb;
        $tables = [
            'woocommerce_sessions' => 'session_key varchar(64) not null primary key, session_value longtext not null,
                session_expiry bigint not null',
            'wc_orders' => 'id bigint not null auto_increment primary key, status varchar(20), currency varchar(10),
                type varchar(20), total_amount decimal(26,8), customer_id bigint, billing_email varchar(320),
                date_created_gmt datetime, payment_method varchar(100), ip_address varchar(100), user_agent text,
                customer_note text',
            'wc_order_addresses' => 'id bigint not null auto_increment primary key, order_id bigint not null,
                address_type varchar(20), first_name text, last_name text, company text, address_1 text, address_2 text,
                city text, state text, postcode text, country text, email varchar(320), phone varchar(100),
                unique key address_type_order_id (address_type, order_id)',
            'wc_order_operational_data' => 'order_id bigint not null primary key, created_via varchar(100),
                cart_hash varchar(100), order_key varchar(100)',
            'wc_orders_meta' => 'id bigint not null auto_increment primary key, order_id bigint, meta_key varchar(255),
                meta_value longtext',
            'woocommerce_order_items' => 'order_item_id bigint not null auto_increment primary key, order_item_name text,
                order_item_type varchar(200), order_id bigint',
            'wc_customer_lookup' => 'customer_id bigint not null auto_increment primary key, user_id bigint unique,
                username varchar(60), first_name varchar(255), last_name varchar(255), email varchar(100), country char(2),
                postcode varchar(20), city varchar(100), state varchar(100)',
            'wc_download_log' => 'download_log_id bigint not null auto_increment primary key, permission_id bigint,
                user_id bigint, user_ip_address varchar(100)',
            'woocommerce_downloadable_product_permissions' => 'permission_id bigint not null auto_increment primary key,
                order_id bigint, user_id bigint, user_email varchar(200)',
            'wc_stock_notifications' => 'id bigint not null auto_increment primary key, user_id bigint,
                user_email varchar(100)',
            'wc_email_unsubscribes' => 'id bigint not null auto_increment primary key, email_hash char(64),
                email_kind varchar(64)',
        ];
        foreach ($tables as $name => $columns) {
            $wpdb->query("create table if not exists {$wpdb->prefix}{$name} ({$columns})");
        }
        update_option('woocommerce_default_country', 'EE');
        update_option('woocommerce_default_customer_address', 'geolocation');
        foreach (['checkout' => '[woocommerce_checkout]', 'checkout-block' => '<!-- wp:woocommerce/checkout /-->'] as $name => $content) {
            wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_name' => $name,
                'post_title' => $name, 'post_content' => $content]);
        }
        add_role('shop_manager', 'Shop manager', ['read' => true, 'edit_shop_orders' => true]);
        get_role('administrator')->add_cap('edit_shop_orders');
    }
}
