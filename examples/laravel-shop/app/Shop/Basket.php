<?php

declare(strict_types=1);

namespace App\Shop;

use Illuminate\Contracts\Session\Session;

/** In the visitor's session. */
final class Basket
{
    private const KEY = 'basket';
    private const MOST = 20;

    public function __construct(private readonly Session $session)
    {
    }

    /** @return list<string> */
    public function items(): array
    {
        return $this->session->get(self::KEY, []);
    }

    public function add(string $sku): void
    {
        if (Catalogue::has($sku)) {
            $this->session->put(self::KEY, array_slice([...$this->items(), $sku], 0, self::MOST));
        }
    }

    public function clear(): void
    {
        $this->session->forget(self::KEY);
    }
}
