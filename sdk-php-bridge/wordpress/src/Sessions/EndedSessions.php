<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Contract\EventType;
use Userref\Webhook\WebhookEvent;
use UserrefLogin\Part;
use UserrefLogin\Services;

/**
 * Clears away what an event has ended. The event counts without this: tokens ask the store of revocations each time.
 * Members have no other way to sign in, so what another plug-in began for them ends with the rest.
 */
final class EndedSessions implements Part
{
    private const ENDS_ALL = [EventType::AccessRevoked, EventType::SubjectRestricted, EventType::SubjectErased];

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
            $endsAll = in_array($event->type, self::ENDS_ALL, true) && $users->isMember($user);
            $tokens->prune($endsAll ? $event->occurredAt->getTimestamp() : null);
        }
    }
}
