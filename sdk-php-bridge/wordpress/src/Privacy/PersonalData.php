<?php

declare(strict_types=1);

namespace UserrefLogin\Privacy;

use Userref\Session;
use UserrefLogin\Part;
use UserrefLogin\Services;
use UserrefLogin\Sessions\LiveSessions;
use UserrefLogin\Sessions\TokenManager;

/**
 * What this site holds about a member, for WordPress's own tool "Export Personal Data". There is little: the name that
 * the site knows them by, their sessions and what they agreed to share while those last.
 *
 * Other parts add theirs by the filter `userref_export`: `(list<array> $items, \WP_User $user, string $userRef)`, with
 * items as WordPress's exporters give them.
 */
final class PersonalData implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('wp_privacy_personal_data_exporters', function (array $exporters): array {
            $exporters['userref-login'] = [
                'exporter_friendly_name' => __('Userref Login', 'userref-login'),
                'callback' => fn (string $address): array => $this->export($address),
            ];

            return $exporters;
        });
    }

    /** @return array{data: list<array<string, mixed>>, done: bool} as WordPress wants it */
    public function export(string $address): array
    {
        $user = Owner::of($address, $this->services->users());
        if ($user === null) {
            return ['data' => [], 'done' => true];
        }
        $userRef = (string) $this->services->users()->userRefOf($user);
        $items = [$this->account($user, $userRef), ...$this->sessions($user)];

        return ['data' => array_values(apply_filters('userref_export', $items, $user, $userRef)), 'done' => true];
    }

    /** @return array<string, mixed> */
    private function account(\WP_User $user, string $userRef): array
    {
        return self::item('userref-account', __('Sign-in by Userref', 'userref-login'), 'account', [
            __('Name that this site knows you by (user_ref)', 'userref-login') => $userRef,
            __('First signed in', 'userref-login') => $user->user_registered,
            __('Roles', 'userref-login') => implode(', ', $user->roles),
        ]);
    }

    /** @return list<array<string, mixed>> */
    private function sessions(\WP_User $user): array
    {
        $live = new LiveSessions($this->services);
        $items = [];
        foreach (\WP_Session_Tokens::get_instance($user->ID)->get_all() as $entry) {
            $stored = $entry[TokenManager::KEY] ?? null;
            if (!$live->isLive($user->ID, $stored)) {
                continue;
            }
            $id = 'session-' . (count($items) + 1);
            $label = __('Sessions by Userref', 'userref-login');
            $items[] = self::item('userref-sessions', $label, $id, self::facts(Session::fromStorage($stored)));
        }

        return $items;
    }

    /** @return array<string, string> */
    private static function facts(Session $session): array
    {
        $time = static fn (int $at): string => gmdate('Y-m-d H:i:s', $at) . ' UTC';

        return [
            __('Signed in', 'userref-login') => $time($session->authTime),
            __('Ends', 'userref-login') => $time($session->expiresAt),
            __('What you agreed to share when it began', 'userref-login') => $session->consents === []
                ? __('nothing', 'userref-login')
                : implode(', ', $session->consents),
        ];
    }

    /**
     * @param array<string, string> $facts
     *
     * @return array<string, mixed>
     */
    private static function item(string $group, string $label, string $id, array $facts): array
    {
        $data = [];
        foreach ($facts as $name => $value) {
            $data[] = ['name' => $name, 'value' => $value];
        }

        return ['group_id' => $group, 'group_label' => $label, 'item_id' => "{$group}-{$id}", 'data' => $data];
    }
}
