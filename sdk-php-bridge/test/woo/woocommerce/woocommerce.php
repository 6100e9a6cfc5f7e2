<?php

/**
 * Plugin Name: WooCommerce (stand-in for tests)
 * Description: Names, hooks and tables of WooCommerce as far as userref-login touches them. See ../README.md.
 * Version: 11.0.0
 */

declare(strict_types=1);

namespace Automattic\WooCommerce\StoreApi\Exceptions {
    /** As src/StoreApi/Exceptions/RouteException.php. */
    class RouteException extends \Exception
    {
        public function __construct(public string $errorCode, string $message, int $status = 400)
        {
            parent::__construct($message, $status);
        }
    }
}

namespace Automattic\WooCommerce\Utilities {
    /** As src/Utilities/FeaturesUtil.php: remembers what was declared. */
    class FeaturesUtil
    {
        /** @var array<string, bool> */
        public static array $declared = [];

        public static function declare_compatibility(string $feature, string $file, bool $isCompatible = true): bool
        {
            self::$declared[$feature] = $isCompatible;

            return true;
        }
    }
}

namespace Automattic\WooCommerce\Blocks\Domain\Services {
    /** As src/Blocks/Domain/Services/CheckoutFields.php (8.9 and later): fields of a shop's own, by place. */
    class CheckoutFields
    {
        /** @var array<string, array<string, mixed>> */
        private array $fields = [];

        /** `woocommerce_register_additional_checkout_field` */
        public function register_checkout_field(array $field): void
        {
            $this->fields[$field['id']] = $field + ['type' => 'text', 'required' => false];
        }

        /** @return array<string, array<string, mixed>> */
        public function get_additional_fields(): array
        {
            return $this->fields;
        }

        /** @return list<string> */
        public function get_address_fields_keys(): array
        {
            return ['first_name', 'city', ...array_keys(wp_list_filter($this->fields, ['location' => 'address']))];
        }

        /** @return array<string, mixed> of an address */
        public function get_all_fields_from_object(\WC_Data $object, string $group): array
        {
            $values = [];
            foreach (array_keys(wp_list_filter($this->fields, ['location' => 'address'])) as $key) {
                $value = $object->get_meta("_wc_{$group}/{$key}")
                    ?: apply_filters("woocommerce_get_default_value_for_{$key}", null, $group, $object);
                $values += $value === null ? [] : [$key => $value];
            }

            return $values;
        }
    }
}

namespace Automattic\WooCommerce\Blocks {
    /** As src/Blocks/Package.php: the container of the blocks' classes. */
    class Package
    {
        public static function container(): object
        {
            return new class () {
                public function get(string $class): object
                {
                    static $made = [];

                    return $made[$class] ??= new $class();
                }
            };
        }
    }
}

namespace {
    spl_autoload_register(static function (string $class): void {
        $file = __DIR__ . '/includes/class-' . strtolower(strtr($class, '_', '-')) . '.php';
        if (str_starts_with($class, 'WC_') && is_file($file)) {
            require $file;
        }
    });
    require __DIR__ . '/includes/functions.php';
    require __DIR__ . '/includes/log-functions.php';
    require __DIR__ . '/includes/class-woocommerce.php';

    register_activation_hook(__FILE__, ['WC_Install', 'install']);
    $GLOBALS['woocommerce'] = WC();
}
