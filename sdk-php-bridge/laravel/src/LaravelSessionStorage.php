<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Http\Request;
use Userref\Session\SessionStorage;

/**
 * In Laravel's session, whatever its driver. Whoever signs in or out gets another id and another token for forms.
 * Revocations are looked up at each request and need nothing of it.
 */
final class LaravelSessionStorage implements SessionStorage
{
    private const KEY = 'userref';

    public function __construct(private readonly Request $request)
    {
    }

    public function read(): mixed
    {
        return $this->request->hasSession() ? $this->request->session()->get(self::KEY) : null;
    }

    public function write(array $session): void
    {
        $store = $this->request->session();
        if (($store->get(self::KEY)['sid'] ?? null) !== $session['sid']) {
            $store->regenerate(true);
        }
        $store->put(self::KEY, $session);
    }

    public function clear(): void
    {
        if (!$this->request->hasSession() || $this->read() === null) {
            return;
        }
        $this->request->session()->forget(self::KEY);
        $this->request->session()->regenerate(true);
    }
}
