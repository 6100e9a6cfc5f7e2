<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\FinishedLogin;
use Userref\Web\Answer;
use UserrefLogin\Services;
use UserrefLogin\Sessions\TokenManager;
use WP_User;

/**
 * Connects a local account and a login by Userref. It begins with the account's password, and the login that ends it is
 * known by a random word: the browser's session here keeps its hash, the sealed login carries the word. So a login for
 * something else connects nothing, and nobody's login lands in an account that is not theirs.
 */
final class Connecting
{
    public const PARAMETER = 'userref_connect';
    private const KEY = 'userref_connect';
    private const SECONDS = 900;

    public function __construct(private readonly Services $services)
    {
    }

    /** Sends the browser to sign in by Userref, anew, whoever is signed in there. */
    public function begin(WP_User $user, string $page): Answer
    {
        $word = bin2hex(random_bytes(16));
        $this->keep($user, ['hash' => hash('sha256', $word), 'until' => time() + self::SECONDS]);
        $login = $this->services->userref()->startLogin(
            returnTo: add_query_arg(self::PARAMETER, $word, $page),
            prompt: 'login',
            cookieHeader: wp_unslash($_SERVER['HTTP_COOKIE'] ?? null),
        );

        return Answer::redirect($login->url, $login->cookies);
    }

    /** The answer to a login that was meant to connect; null for every other. */
    public function answer(FinishedLogin $login): ?Answer
    {
        parse_str((string) parse_url($login->returnTo, PHP_URL_QUERY), $parameters);
        $word = $parameters[self::PARAMETER] ?? null;
        if (!is_string($word)) {
            return null;
        }
        $user = wp_get_current_user();
        $pending = $user->exists() ? $this->entry($user)[self::KEY] ?? null : null;
        $isMeant = is_array($pending) && $pending['until'] > time()
            && hash_equals($pending['hash'], hash('sha256', $word));
        $page = remove_query_arg(self::PARAMETER, $login->returnTo);
        if (!$isMeant) {
            return Answer::redirect(add_query_arg('userref_result', 'late', $page));
        }
        $this->keep($user, null);
        $result = $this->connect($user, $login);
        if ($result === 'connected') {
            $this->tellOwner($user, $this->services->settings()->baseUrl() . $page);
        }

        return Answer::redirect(add_query_arg('userref_result', $result, $page));
    }

    private function connect(WP_User $user, FinishedLogin $login): string
    {
        try {
            $this->services->users()->connect($user, $login->session->userRef);
        } catch (UserrefException $error) {
            return $error->errorCode() === ErrorCode::Conflict ? 'taken' : 'failed';
        }

        return 'connected';
    }

    /** Who got hold of somebody's password for once must not stay unseen, with a way in that no new password shuts. */
    private function tellOwner(WP_User $user, string $page): void
    {
        if ($user->user_email === '') {
            return;
        }
        $site = wp_specialchars_decode((string) get_option('blogname'), ENT_QUOTES);
        wp_mail(
            $user->user_email,
            /* translators: %s: name of the site */
            sprintf(__('[%s] Your account was connected with Userref', 'userref-login'), $site),
            implode("\n\n", [
                /* translators: %s: name of the account */
                sprintf(__('Your account %s can now be opened by signing in with Userref as well.', 'userref-login'), $user->user_login),
                /* translators: %s: address of a page */
                sprintf(__('If it was not you who connected it, disconnect it and change your password: %s', 'userref-login'), $page),
            ]),
        );
    }

    /** @return array<string, mixed>|null */
    private function entry(WP_User $user): ?array
    {
        return \WP_Session_Tokens::get_instance($user->ID)->get(wp_get_session_token());
    }

    /** @param array{hash: string, until: int}|null $pending */
    private function keep(WP_User $user, ?array $pending): void
    {
        $entry = $this->entry($user);
        if ($entry !== null) {
            $tokens = \WP_Session_Tokens::get_instance($user->ID);
            $tokens->update(wp_get_session_token(), array_filter([self::KEY => $pending] + $entry));
        }
    }
}
