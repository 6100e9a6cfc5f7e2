<?php

// Laravel's page about errors asks Composer's loader for names of classes; Debian's Laravel comes without.

declare(strict_types=1);

namespace Composer\Autoload;

if (!class_exists(ClassLoader::class)) {
    final class ClassLoader
    {
        /** @return list<self> */
        public static function getRegisteredLoaders(): array
        {
            return [new self()];
        }

        /** @return array<string, string> */
        public function getClassMap(): array
        {
            return [];
        }
    }
}
