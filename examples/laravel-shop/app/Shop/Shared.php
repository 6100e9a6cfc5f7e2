<?php

declare(strict_types=1);

namespace App\Shop;

use App\Models\Order;
use Illuminate\Http\Request;
use Userref\Attributes;
use Userref\Exception\UserrefThrowable;

/**
 * One attribute from the person's vault, as of now; or why there is none. Views get this and not the value: what they
 * get is written down by tools that watch an application.
 */
final class Shared
{
    private function __construct(
        private readonly string $name,
        private readonly ?Attributes $attributes,
        public readonly ?string $refusal,
    ) {
    }

    public static function by(Request $request, string $name): self
    {
        try {
            return new self($name, $request->userref()->attributes([$name], Order::PURPOSE), null);
        } catch (UserrefThrowable $error) {
            return new self($name, null, $error->errorCode()->value);
        }
    }

    public function value(): mixed
    {
        return $this->attributes?->get($this->name);
    }
}
