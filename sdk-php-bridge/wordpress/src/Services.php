<?php

declare(strict_types=1);

namespace UserrefLogin;

use Userref\Exception\ConfigException;
use Userref\FinishedLogin;
use Userref\Userref;
use Userref\Web\Answer;
use Userref\Web\Hooks;
use Userref\Web\IncomingRequest;
use Userref\Web\Site;
use Userref\Webhook\WebhookEvent;

/** What the parts share, made when it is first asked for. One for each request. */
final class Services
{
    private ?Settings\Settings $settings = null;
    private ?Users\Users $users = null;
    private ?Sessions\WpdbRevocationStore $revocations = null;
    private ?Sessions\LiveSessions $live = null;
    private ?Userref $userref = null;
    private ?Site $site = null;
    private int $siteOf = 0;

    /** @param string $file the plug-in's main file */
    public function __construct(public readonly string $file)
    {
    }

    public function settings(): Settings\Settings
    {
        return $this->settings ??= new Settings\Settings();
    }

    public function users(): Users\Users
    {
        return $this->users ??= new Users\Users($this->settings(), new Users\Claims($this->revocations()));
    }

    public function revocations(): Sessions\WpdbRevocationStore
    {
        return $this->revocations ??= new Sessions\WpdbRevocationStore($GLOBALS['wpdb']);
    }

    public function live(): Sessions\LiveSessions
    {
        return $this->live ??= new Sessions\LiveSessions($this);
    }

    /** Whether all settings that a login needs are there and well-formed. Asks no bridge. */
    public function isConfigured(): bool
    {
        return $this->configProblems() === [];
    }

    /** @return list<string> what is wrong with the settings, without values */
    public function configProblems(): array
    {
        try {
            $this->userref();
        } catch (ConfigException $error) {
            return $error->problems;
        }

        return [];
    }

    /** @throws ConfigException */
    public function userref(): Userref
    {
        return $this->userref ??= Userref::fromConfig($this->settings()->clientConfig() + [
            'revocations' => $this->revocations(),
            'cache' => new Sessions\TransientCache(),
        ]);
    }

    /**
     * The site as the client knows it; `site()->user()` is who is signed in. Ask from `init` on.
     *
     * @throws ConfigException
     */
    public function site(): Site
    {
        // WordPress may find out late who is there, or that a request must not speak for them.
        if ($this->site === null || $this->siteOf !== get_current_user_id()) {
            $this->siteOf = get_current_user_id();
            $this->site = $this->siteFor(Login\Requests::current($this->settings()));
        }

        return $this->site;
    }

    /**
     * As {@see site}, for a request that came another way.
     *
     * @throws ConfigException
     */
    public function siteFor(IncomingRequest $request): Site
    {
        $storage = new Sessions\TokenSessionStorage($this);

        return new Site($this->userref(), $storage, $request, $this->hooks($storage));
    }

    private function hooks(Sessions\TokenSessionStorage $storage): Hooks
    {
        return new Hooks(
            onEvent: static function (WebhookEvent $event): void {
                do_action('userref_event', $event);
            },
            onPurge: static fn (WebhookEvent $event): bool => (bool) apply_filters('userref_purge', true, $event),
            onLogin: function (FinishedLogin $login) use ($storage): ?Answer {
                $storage->expectLogin();
                do_action('userref_login_finished', $login);

                return (new Users\Connecting($this))->answer($login);
            },
        );
    }
}
