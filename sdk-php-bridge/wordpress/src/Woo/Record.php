<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

/** The sealed records of an order. Each is an envelope in the order's meta, which the shop stores and can not read. */
enum Record: string
{
    /** Name, address and phone, for labels and returns. */
    case Shipping = 'shipping';
    /** The e-mail address, for mails about the order. */
    case Contact = 'contact';
    /** What an invoice must hold, for its own purpose and its own time. */
    case Invoice = 'invoice';

    public function metaKey(): string
    {
        return "_userref_sealed_{$this->value}";
    }

    /** Key of what the shop may know of the envelope: its purpose, its names and until when it opens. */
    public function aboutKey(): string
    {
        return "{$this->metaKey()}_about";
    }
}
