<?php

declare(strict_types=1);

namespace Userref\Session;

/** In memory: for tests, and for frameworks that hand the session over by themselves. */
final class ArraySessionStorage implements SessionStorage
{
    private mixed $session = null;

    public function read(): mixed
    {
        return $this->session;
    }

    public function write(array $session): void
    {
        $this->session = $session;
    }

    public function clear(): void
    {
        $this->session = null;
    }
}
