<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

/** No order is made; the message is for the customer and holds nothing about them. */
final class CheckoutRefused extends \Exception
{
}
