<?php

// Parts of other people for the client: Guzzle (PSR-18), Symfony's cache in files (PSR-16) and Monolog (PSR-3), as
// the Debian that PHP is of has them.

declare(strict_types=1);

use GuzzleHttp\Client;
use GuzzleHttp\Psr7\HttpFactory;
use Monolog\Handler\StreamHandler;
use Monolog\Logger;
use Symfony\Component\Cache\Adapter\FilesystemAdapter;
use Symfony\Component\Cache\Psr16Cache as SymfonyCache;
use Userref\Bridge\Psr18Transport;
use Userref\Cache\Psr16Cache;

require_once 'GuzzleHttp/autoload.php';
require_once 'Psr/SimpleCache/autoload.php';
require_once 'Symfony/Component/Cache/autoload.php';
require_once 'Monolog/autoload.php';

/** @return array<string, object> settings of the client */
function psrParts(string $bridge, string $folder): array
{
    $http = new HttpFactory();
    $client = new Client(['connect_timeout' => 0.25, 'timeout' => 5, 'proxy' => '', 'stream' => true]);

    return [
        'transport' => new Psr18Transport($client, $http, $http, $bridge),
        'cache' => new Psr16Cache(new SymfonyCache(new FilesystemAdapter('userref', 0, "{$folder}/psr-cache"))),
        'logger' => new Logger('userref', [new StreamHandler("{$folder}/psr.log")]),
    ];
}
