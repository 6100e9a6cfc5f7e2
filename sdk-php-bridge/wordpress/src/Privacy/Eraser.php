<?php

declare(strict_types=1);

namespace UserrefLogin\Privacy;

use Userref\Contract\ErrorCode;
use Userref\Contract\EventType;
use Userref\Exception\UserrefException;
use Userref\Webhook\WebhookEvent;
use UserrefLogin\Part;
use UserrefLogin\Services;

/**
 * Erases a member when an administrator says so (WordPress's own tool "Erase Personal Data"), and when the person had
 * themselves erased at the core.
 */
final class Eraser implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('wp_privacy_personal_data_erasers', function (array $erasers): array {
            $erasers['userref-login'] = [
                'eraser_friendly_name' => __('Userref Login', 'userref-login'),
                'callback' => fn (string $address): array => $this->eraseByAddress($address),
            ];

            return $erasers;
            // Last: erasers of other plug-ins find the member by the address that ours takes away.
        }, PHP_INT_MAX);
        add_filter('userref_purge', fn (bool $isPurged, WebhookEvent $event): bool
            => $this->purge($isPurged, $event), 20, 2);
    }

    /** @return array<string, mixed> as WordPress wants it */
    public function eraseByAddress(string $address): array
    {
        $users = $this->services->users();
        $user = Owner::of($address, $users);
        $outcome = $user === null
            ? ['removed' => false, 'retained' => false, 'messages' => []]
            : (new Erasure($this->services))->erase($user, (string) $users->userRefOf($user));

        return [
            'items_removed' => $outcome['removed'],
            'items_retained' => $outcome['retained'],
            'messages' => $outcome['messages'],
            'done' => true,
        ];
    }

    /**
     * True confirms the erasure to the core. What goes wrong is an error, so that the core delivers the event again.
     *
     * @throws UserrefException `service_unavailable`
     */
    public function purge(bool $isPurged, WebhookEvent $event): bool
    {
        $userRef = $event->userRef();
        if ($event->type !== EventType::SubjectErased || $userRef === null) {
            return $isPurged;
        }
        try {
            $user = $this->services->users()->find($userRef);
            $outcome = $user === null ? null : (new Erasure($this->services))->erase($user, $userRef);
            $this->forgetRequests($userRef);
        } catch (\Throwable $failure) {
            $detail = 'The person could not be erased here.';
            throw new UserrefException(ErrorCode::ServiceUnavailable, $detail, previous: $failure);
        }

        return $isPurged && !($outcome['retained'] ?? false);
    }

    /** WordPress keeps requests with the address that they were made for. */
    private function forgetRequests(string $userRef): void
    {
        $requests = get_posts([
            'post_type' => 'user_request',
            'post_status' => 'any',
            'title' => $this->services->users()->placeholderOf($userRef),
            'fields' => 'ids',
            'numberposts' => 100,
            'suppress_filters' => false,
        ]);
        foreach ($requests as $request) {
            wp_delete_post($request, true);
        }
    }
}
