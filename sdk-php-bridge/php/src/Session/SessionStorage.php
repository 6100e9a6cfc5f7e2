<?php

declare(strict_types=1);

namespace Userref\Session;

/** Where a site keeps who is signed in: on the server, never in a cookie that browsers can read. */
interface SessionStorage
{
    /** What was written last for this visitor; null for none. */
    public function read(): mixed;

    /**
     * Keeps it for this visitor, under a new id: an id that was known before the login must not be one after it.
     *
     * @param array<string, mixed> $session
     */
    public function write(array $session): void;

    /** Forgets it. */
    public function clear(): void;
}
