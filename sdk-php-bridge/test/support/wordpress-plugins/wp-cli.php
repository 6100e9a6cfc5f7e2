<?php

/*
 * Plugin Name: Stand-in of WP-CLI
 * Description: WP-CLI is not in Debian. This takes commands as its documentation says and refuses what it would refuse.
 */

declare(strict_types=1);

namespace WP_CLI {
    final class ExitException extends \Exception
    {
    }
}

namespace WP_CLI\Utils {
    /** https://make.wordpress.org/cli/handbook/references/internal-api/wp-cli-utils-format-items/ */
    function format_items(string $format, array $items, array|string $fields): void
    {
        $fields = is_array($fields) ? $fields : explode(',', $fields);
        foreach ($items as $item) {
            if (array_diff($fields, array_keys($item)) !== [] || array_filter($item, 'is_array') !== []) {
                throw new \InvalidArgumentException('format_items: fields and items do not fit.');
            }
        }
        if (!in_array($format, ['table', 'json', 'csv', 'yaml', 'count', 'ids'], true)) {
            \WP_CLI::error("Invalid format: {$format}");
        }
        \WP_CLI::$said[] = $format === 'json' ? (string) json_encode($items) : $format . print_r($items, true);
    }
}

namespace {
    final class WP_CLI
    {
        /** @var array<string, object> */
        public static array $commands = [];
        /** @var list<string> */
        public static array $said = [];

        public static function add_command(string $name, mixed $callable, array $args = []): bool
        {
            self::$commands[$name] = is_string($callable) ? new $callable() : $callable;

            return true;
        }

        public static function log(string $message): void
        {
            self::$said[] = $message;
        }

        public static function success(string $message): void
        {
            self::$said[] = "Success: {$message}";
        }

        public static function warning(string $message): void
        {
            self::$said[] = "Warning: {$message}";
        }

        /** Ends with 1 unless told otherwise. */
        public static function error(string $message, bool|int $exit = true): void
        {
            self::$said[] = "Error: {$message}";
            if ($exit !== false) {
                self::halt(is_int($exit) ? $exit : 1);
            }
        }

        public static function halt(int $code): never
        {
            throw new WP_CLI\ExitException('', $code);
        }

        /**
         * Runs `wp NAME SUBCOMMAND …` by the help text, which is what WP-CLI takes arguments by.
         *
         * @return array{code: int, said: string}
         */
        public static function run(string $name, string $subcommand, array $args = [], array $options = []): array
        {
            $help = self::help($name)[$subcommand] ?? throw new LogicException("No subcommand {$subcommand}");
            $known = array_map(static fn (string $one): string => preg_replace('/\A\[?--(\w+).*/s', '$1', $one), $help['options']);
            $isList = preg_grep('/\A<\w+>\.\.\.\z/', $help['options']) !== [];
            self::$said = [];
            if (array_diff(array_keys($options), $known) !== [] || ($args === []) === $isList) {
                return ['code' => 1, 'said' => 'Error: unknown or missing parameters'];
            }
            try {
                self::$commands[$name]->{$help['method']}($args, $options + $help['defaults']);
                $code = 0;
            } catch (WP_CLI\ExitException $exit) {
                $code = $exit->getCode();
            }

            return ['code' => $code, 'said' => implode("\n", self::$said)];
        }

        /** @return array<string, array{method: string, short: string, options: list<string>, defaults: array<string, string>}> */
        public static function help(string $name): array
        {
            $help = [];
            foreach ((new ReflectionObject(self::$commands[$name]))->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
                if ($method->isStatic() || str_starts_with($method->name, '__')) {
                    continue;
                }
                $text = preg_replace('/^\s*\/?\*+\/? ?/m', '', (string) $method->getDocComment());
                preg_match('/^@subcommand (\S+)$/m', $text, $alias);
                $long = explode("\n@", $text)[0];
                preg_match('/## OPTIONS\n(.*?)(?=\n## |\z)/s', $long, $section);
                preg_match_all('/^(\[?--\w+=<\w+>\]?|<\w+>(?:\.\.\.)?)\n: .+$/m', $section[1] ?? '', $options);
                preg_match_all('/^\[--(\w+)=.*?^default: (\w+)$/ms', $section[1] ?? '', $defaults);
                $help[$alias[1] ?? rtrim($method->name, '_')] = [
                    'method' => $method->name,
                    'short' => trim(explode("\n", trim($long))[0]),
                    'options' => $options[1],
                    'defaults' => array_combine($defaults[1], $defaults[2]),
                ];
            }

            return $help;
        }
    }

    define('WP_CLI', true);
}
