<?php

declare(strict_types=1);

return [
    'defaults' => ['guard' => 'web', 'passwords' => null],
    'guards' => ['web' => ['driver' => 'userref']],
    'providers' => [],
];
