<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Contracts\Container\Container;
use Illuminate\Http\Request;
use Userref\Userref;
use Userref\Web\Hooks;
use Userref\Web\IncomingRequest;
use Userref\Web\Site;

/** Userref for one request of Laravel. Keeps nothing beyond it, so that long-running servers mix up nobody. */
final class CurrentSite
{
    private const ATTRIBUTE = 'userref.site';

    public function __construct(private readonly Container $container)
    {
    }

    public function of(Request $request): Site
    {
        $site = $request->attributes->get(self::ATTRIBUTE);
        if (!$site instanceof Site) {
            $site = new Site(
                $this->container->make(Userref::class),
                new LaravelSessionStorage($request),
                self::incoming($request),
                $this->container->make(Hooks::class),
            );
            $request->attributes->set(self::ATTRIBUTE, $site);
        }

        return $site;
    }

    private static function incoming(Request $request): IncomingRequest
    {
        $headers = array_map(static fn (array $values): string => implode(', ', $values), $request->headers->all());

        return new IncomingRequest(
            $request->getMethod(),
            $request->getBasePath() . $request->getPathInfo(),
            (string) $request->server->get('QUERY_STRING'),
            $headers,
            static fn (): string => $request->getContent(),
        );
    }
}
