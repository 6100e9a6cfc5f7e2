<?php

declare(strict_types=1);

namespace UserrefLogin\Network;

use Userref\FinishedLogin;
use UserrefLogin\Login\Requests;
use UserrefLogin\Part;
use UserrefLogin\Services;
use UserrefLogin\Users\Users;

/**
 * A network of sites has one redirect address, on its main site. Logins of the others begin and end there; then the
 * visitor becomes a member of the site that they came from, and goes back to it. In folders that is a path like any
 * other; to another domain leads `/userref/visit/ID?to=PATH` of the main site, which goes to sites of the network alone.
 * Whoever makes such a link chooses the site, so only public ones are joined by it, and none that removed the person.
 */
final class Sites implements Part
{
    private const VISIT = '~\A(?:/index\.php)?/userref/visit/([1-9]\d{0,9})\z~D';
    private ?string $returnTo = null;

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        if (!is_multisite()) {
            return;
        }
        add_filter('userref_return_to', $this->viaMainSite(...));
        add_action('wp_loaded', $this->answer(...), -1);
        add_action('userref_login_finished', function (FinishedLogin $login): void {
            $this->returnTo = $login->returnTo;
        });
        add_action('userref_signed_in', $this->join(...));
        add_action('remove_user_from_blog', self::rememberRemoval(...), 10, 2);
        add_action('add_user_to_blog', static function (int $user, string $role, int $site): void {
            delete_user_meta($user, Users::META_REMOVED, (string) $site);
        }, 10, 3);
    }

    /** The path of the main site that leads to a path of this one. */
    private function viaMainSite(string $path): string
    {
        if ($this->services->settings()->isOnMainOrigin()) {
            return $path;
        }
        $visit = substr($this->services->settings()->path('login'), 0, -strlen('login')) . 'visit/';

        return $visit . get_current_blog_id() . '?to=' . rawurlencode($path);
    }

    private function answer(): void
    {
        if (!str_contains((string) wp_unslash($_SERVER['REQUEST_URI'] ?? ''), '/userref/')) {
            return;
        }
        $request = Requests::current($this->services->settings());
        $home = $this->services->settings()->homePath();
        $rest = str_starts_with($request->path, $home) ? substr($request->path, strlen($home)) : '';
        if (preg_match(self::VISIT, $rest, $found) === 1) {
            $this->send($this->addressOn((int) $found[1], (string) $request->parameter('to')));
        }
        $isLogin = Requests::ownName($request->path, $this->services->settings()) === 'login';
        if ($isLogin && !$this->services->settings()->isOnMainOrigin() && $this->services->isConfigured()) {
            // A link that somebody made by themselves: the transaction must lie with the main site's cookies.
            $returnTo = $this->viaMainSite(self::path((string) $request->parameter('return_to')));
            $query = remove_query_arg('return_to', "?{$request->query}");
            $this->send(add_query_arg(
                'return_to',
                rawurlencode($returnTo),
                $this->services->settings()->address('login') . ($query === '?' ? '' : $query)
            ));
        }
    }

    /** Members of one site are not members of the others until they sign in there. */
    private function join(\WP_User $user): void
    {
        $site = $this->returnTo === null ? null : $this->siteOf($this->returnTo);
        if ($site !== null && !is_user_member_of_blog($user->ID, $site) && self::mayJoin($user, $site)) {
            switch_to_blog($site);
            try {
                add_user_to_blog($site, $user->ID, $this->services->settings()->role());
            } finally {
                restore_current_blog();
            }
        }
    }

    private static function mayJoin(\WP_User $user, int $site): bool
    {
        $isPublic = (int) get_blog_option($site, 'blog_public') === 1;

        return !in_array((string) $site, get_user_meta($user->ID, Users::META_REMOVED), true)
            && apply_filters('userref_may_join_site', $isPublic, $site, $user);
    }

    /** Until somebody adds them again: a sign-in must not undo what an administrator did. */
    private static function rememberRemoval(int $user, int $site): void
    {
        if (!in_array((string) $site, get_user_meta($user, Users::META_REMOVED), true)) {
            add_user_meta($user, Users::META_REMOVED, (string) $site);
        }
    }

    /** The site of this network that a path of the main site leads to. */
    private function siteOf(string $returnTo): ?int
    {
        $path = (string) parse_url($returnTo, PHP_URL_PATH);
        $home = $this->services->settings()->homePath();
        if (preg_match(self::VISIT, substr($path, strlen($home)), $found) === 1) {
            return $this->open((int) $found[1])?->id;
        }
        $host = (string) get_site(get_main_site_id())?->domain;
        $site = get_site_by_path($host, $path);

        return $site instanceof \WP_Site ? $this->open((int) $site->blog_id)?->id : null;
    }

    /** A site of this network that may be visited. */
    private function open(int $id): ?\WP_Site
    {
        $site = get_site($id);
        $isOpen = $site !== null && (int) $site->network_id === get_current_network_id()
            && !$site->archived && !$site->deleted && !$site->spam;

        return $isOpen ? $site : null;
    }

    /** From the database alone: nothing of a request decides where the visitor goes. */
    private function addressOn(int $id, string $path): string
    {
        $home = $this->open($id) === null ? get_home_url(get_main_site_id()) : get_home_url($id);
        $origin = (string) preg_replace('~\A(https?://[^/?#]+).*\z~Ds', '$1', $home);

        return $origin . self::path($path);
    }

    /** A path, and `/` for anything that could lead elsewhere. */
    private static function path(string $given): string
    {
        return preg_match('~\A/(?![/\\\\])[\x21-\x5b\x5d-\x7e]*\z~D', $given) === 1 ? $given : '/';
    }

    private function send(string $address): never
    {
        defined('DONOTCACHEPAGE') || define('DONOTCACHEPAGE', true);
        nocache_headers();
        header('Cache-Control: no-store', true);
        wp_redirect($address, 302, 'Userref Login'); // phpcs:ignore -- its host is one of the network
        exit;
    }
}
