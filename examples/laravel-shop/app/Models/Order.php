<?php

declare(strict_types=1);

namespace App\Models;

use Illuminate\Database\Eloquent\Collection;
use Illuminate\Database\Eloquent\Model;

/**
 * An order: whose it is by `user_ref`, and the address sealed, which this shop cannot read.
 *
 * @property string $id
 * @property ?string $user_ref
 * @property list<string> $items
 * @property int $total_cents
 * @property ?string $sealed_address
 */
final class Order extends Model
{
    public const PURPOSE = 'order_delivery';
    public const UPDATED_AT = null;

    public $incrementing = false;
    protected $keyType = 'string';
    protected $guarded = [];
    protected $casts = ['items' => 'array', 'total_cents' => 'integer'];

    /** @return Collection<int, self> the person's, the latest first */
    public static function ofPerson(string $userRef): Collection
    {
        // Databases compare as they please; people are told apart exactly.
        return self::query()->where('user_ref', $userRef)->latest()->get()
            ->filter(static fn (self $order): bool => $order->user_ref === $userRef)->values();
    }

    public static function newNumber(): string
    {
        return 'MT-' . strtoupper(bin2hex(random_bytes(4)));
    }
}
