<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Contract\EventType;
use Userref\Webhook\WebhookEvent;
use UserrefLogin\Part;
use UserrefLogin\Services;

/**
 * Clears away what an event has ended. The event counts without this: tokens ask the store of revocations each time.
 * Members have no other way to sign in, so what another plug-in began for them, by a second factor for example, ends with
 * whatever ends: nobody knows which session of Userref it came from.
 */
final class EndedSessions implements Part
{
    private const ENDS = [
        EventType::SessionRevoked, EventType::AccessRevoked, EventType::ConsentWithdrawn,
        EventType::SubjectRestricted, EventType::SubjectErased,
    ];

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_action('userref_event', $this->clear(...), 1);
    }

    private function clear(WebhookEvent $event): void
    {
        $users = $this->services->users();
        $user = $event->userRef() === null ? null : $users->find($event->userRef());
        if ($user === null) {
            return;
        }
        $tokens = \WP_Session_Tokens::get_instance($user->ID);
        if ($tokens instanceof TokenManager) {
            $endsOthers = in_array($event->type, self::ENDS, true) && $users->isMember($user);
            $tokens->prune($endsOthers ? $event->occurredAt->getTimestamp() : null);
        }
    }
}
