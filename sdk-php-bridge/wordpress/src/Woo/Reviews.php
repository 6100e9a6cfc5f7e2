<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;
use UserrefLogin\Services;

/**
 * Reviews by the link of a mail (`OrderReviews\SubmissionHandler`, WooCommerce 10.8 and later) are signed with the
 * order's billing name. Instead of the words that stand there, people see the name that the member's account has.
 */
final class Reviews implements Part
{
    public function __construct(private readonly Services $services, private readonly Customers $customers)
    {
    }

    public function register(): void
    {
        add_filter('get_comment_author', $this->author(...), 10, 3);
    }

    public function author(mixed $author, mixed $id = 0, mixed $comment = null): mixed
    {
        $isSealed = $author === SealedAddress::WORD . ' ' . SealedAddress::WORD;
        $address = $comment instanceof \WP_Comment ? (string) $comment->comment_author_email : '';
        if (!$isSealed || !$this->customers->isPlaceholder($address)) {
            return $author;
        }
        $user = $this->services->users()->find(explode('@', $address)[0]);

        return $user === null ? $author : $user->display_name;
    }
}
