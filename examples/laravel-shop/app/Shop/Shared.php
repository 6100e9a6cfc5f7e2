<?php

declare(strict_types=1);

namespace App\Shop;

use App\Models\Order;
use Illuminate\Http\Request;
use Userref\Exception\UserrefThrowable;

/** One attribute from the person's vault, as of now; or why there is none. */
final class Shared
{
    private function __construct(public readonly mixed $value, public readonly ?string $refusal)
    {
    }

    public static function by(Request $request, string $name): self
    {
        try {
            $value = $request->userref()->attributes([$name], Order::PURPOSE)->get($name);

            return new self($value, null);
        } catch (UserrefThrowable $error) {
            return new self(null, $error->errorCode()->value);
        }
    }
}
