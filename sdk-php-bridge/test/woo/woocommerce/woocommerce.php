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
