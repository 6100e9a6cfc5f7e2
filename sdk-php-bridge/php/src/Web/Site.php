<?php

declare(strict_types=1);

namespace Userref\Web;

use Userref\Attributes;
use Userref\Contract\ErrorCode;
use Userref\Exception\ConsentRequired;
use Userref\Exception\SessionEnded;
use Userref\Exception\UserrefException;
use Userref\Exception\UserrefThrowable;
use Userref\Session;
use Userref\Session\NativeSessionStorage;
use Userref\Session\SessionStorage;
use Userref\Userref;

/**
 * A site with Userref, for PHP without a framework and for those who write for one: answers the addresses that Userref
 * owns, and says who is there.
 */
final class Site
{
    private readonly SessionStorage $storage;
    private readonly IncomingRequest $request;
    private readonly Routes $routes;
    private readonly Hooks $hooks;
    private ?Session $session = null;
    private bool $isRead = false;

    /** @param Hooks|null $hooks what the site does when events arrive */
    public function __construct(
        public readonly Userref $userref,
        ?SessionStorage $storage = null,
        ?IncomingRequest $request = null,
        ?Hooks $hooks = null,
    ) {
        $this->storage = $storage ?? new NativeSessionStorage(str_starts_with($userref->config->baseUrl, 'https:'));
        $this->request = $request ?? IncomingRequest::fromGlobals();
        $this->hooks = $hooks ?? new Hooks();
        $this->routes = new Routes($userref, $this, $this->hooks);
    }

    /** The answer to one of Userref's own addresses; null for every other. */
    public function handle(): ?Answer
    {
        try {
            return $this->routes->answer($this->request);
        } catch (UserrefThrowable $error) {
            return $this->answerError($error);
        }
    }

    /**
     * Who is signed in. Asks no bridge.
     *
     * @throws UserrefException `service_unavailable` when the store of revocations does not answer
     */
    public function user(): ?Session
    {
        if ($this->isRead) {
            return $this->session;
        }
        $session = Session::fromStorage($this->storage->read());
        try {
            $isLive = $session !== null && $this->userref->isLive($session);
        } catch (\Throwable $failure) {
            $detail = 'The revocation store did not answer.';
            throw new UserrefException(ErrorCode::ServiceUnavailable, $detail, previous: $failure);
        }
        if ($session !== null && !$isLive) {
            $this->storage->clear();
        }
        $this->isRead = true;

        return $this->session = $isLive ? $session : null;
    }

    /** @throws UserrefException `not_signed_in` */
    public function requireUser(): Session
    {
        return $this->user() ?? throw new UserrefException(ErrorCode::NotSignedIn);
    }

    /** Sends the visitor to sign in, and back to this page; for pages that need a user. */
    public function login(?string $returnTo = null): Answer
    {
        return $this->startLogin($returnTo ?? $this->here(), isStartedByPage: true);
    }

    /**
     * Makes sure that what is needed was asked for: null to go on, or the answer that asks the visitor. It asks once
     * for a purpose; whoever said no is not asked again by the page.
     *
     * @param list<string> $names needed
     * @param list<string> $optional asked for along with them
     *
     * @throws ConsentRequired when the visitor was asked and something needed is missing
     */
    public function requireConsent(array $names, string $purpose, array $optional = []): ?Answer
    {
        $question = $this->question($names, $purpose, $optional);

        return $question === null ? null : $this->startLogin($this->here(), $question, $purpose, true);
    }

    /**
     * What {@see requireConsent} would ask the visitor for; null when the page may go on.
     *
     * @param list<string> $names needed
     * @param list<string> $optional asked for along with them
     *
     * @return list<string>|null
     *
     * @throws ConsentRequired
     */
    public function question(array $names, string $purpose, array $optional = []): ?array
    {
        $user = $this->user();
        $shared = $user->consents ?? [];
        $isAsked = isset($user?->askedPurposes[$purpose]);
        $missing = array_values(array_diff($names, $shared));
        $isComplete = array_diff([...$names, ...$optional], $shared) === [];
        if ($user !== null && ($isComplete || ($isAsked && $missing === []))) {
            return null;
        }
        if ($isAsked) {
            throw new ConsentRequired($missing, $purpose);
        }

        return [...$names, ...$optional];
    }

    /**
     * As {@see Userref::attributes} of who is signed in. A consent that turns out to be withdrawn is taken off the
     * session; a session that turns out to be over is forgotten.
     *
     * @param list<string> $names
     */
    public function attributes(array $names, string $purpose): Attributes
    {
        $user = $this->requireUser();
        try {
            return $this->userref->attributes($user, $names, $purpose);
        } catch (ConsentRequired $error) {
            $this->keep($user->withoutConsents($error->attributes));
            throw $error;
        } catch (SessionEnded $error) {
            $this->forget();
            throw $error;
        }
    }

    /**
     * The address of this site that starts a login when it is followed: for links. It may be cached, the login is not.
     *
     * @param list<string> $attributes
     */
    public function loginPath(?string $returnTo = null, array $attributes = [], ?string $purpose = null): string
    {
        $query = http_build_query(array_filter([
            'attributes' => implode(',', $attributes),
            'purpose' => $purpose,
            'return_to' => $returnTo,
        ]), '', '&', PHP_QUERY_RFC3986);

        return $this->userref->config->paths->login . ($query === '' ? '' : "?{$query}");
    }

    /** The page for people, or the problem document for programs, that an error is answered with. */
    public function answerError(UserrefThrowable $error): Answer
    {
        return ErrorAnswer::of($error, $this->request, $this, $this->hooks->renderError);
    }

    public function keep(Session $session): void
    {
        $this->storage->write($session->toStorage());
        $this->session = $session;
        $this->isRead = true;
    }

    public function forget(): void
    {
        $this->storage->clear();
        $this->session = null;
        $this->isRead = true;
    }

    /**
     * @param list<string> $attributes
     */
    public function startLogin(
        ?string $returnTo,
        array $attributes = [],
        ?string $purpose = null,
        bool $isStartedByPage = false,
    ): Answer {
        if ($this->request->isPrefetch()) {
            return Answer::refusedPrefetch();
        }
        $login = $this->userref->startLogin(
            $returnTo,
            $attributes,
            $purpose,
            cookieHeader: $this->request->header('cookie'),
            isStartedByPage: $isStartedByPage,
        );

        return Answer::redirect($login->url, $login->cookies);
    }

    private function here(): string
    {
        $query = $this->request->query;

        return $this->request->method === 'GET' ? $this->request->path . ($query === '' ? '' : "?{$query}") : '/';
    }
}
