<?php

declare(strict_types=1);

namespace Userref\Web;

use Userref\Contract\ErrorCode;
use Userref\Exception\LoginFailed;
use Userref\Exception\UserrefException;
use Userref\Exception\UserrefThrowable;
use Userref\Userref;

/** The addresses that Userref owns on a site. */
final class Routes
{
    private const MAX_BODY_BYTES = 65536;

    public function __construct(
        private readonly Userref $userref,
        private readonly Site $site,
        private readonly Hooks $hooks,
    ) {
    }

    /** @throws UserrefThrowable */
    public function answer(IncomingRequest $request): ?Answer
    {
        $paths = $this->userref->config->paths;
        $answer = match ($request->path) {
            $paths->login => fn () => $this->login($request),
            $paths->callback => fn () => $this->callback($request),
            $paths->logout => fn () => $this->logout($request),
            $paths->webhook => fn () => $this->webhook($request),
            default => null,
        };
        if ($answer === null) {
            return null;
        }
        $method = in_array($request->path, [$paths->login, $paths->callback], true) ? 'GET' : 'POST';
        if ($request->method !== $method) {
            throw new UserrefException(ErrorCode::MethodNotAllowed);
        }

        return $request->isPrefetch() ? Answer::refusedPrefetch() : $answer();
    }

    /** For links: of a page, or the core's (OpenID Connect Core §4, with `iss` and `target_link_uri`). */
    private function login(IncomingRequest $request): Answer
    {
        $issuer = $request->parameter('iss');
        if ($issuer !== null && $issuer !== $this->userref->config->issuer) {
            throw new UserrefException(ErrorCode::IssuerMismatch);
        }
        $names = preg_split('/[ ,]+/', $request->parameter('attributes') ?? '', -1, PREG_SPLIT_NO_EMPTY) ?: [];
        $returnTo = $request->parameter('return_to') ?? $this->pathOf($request->parameter('target_link_uri'));
        $isStartedByPage = $request->parameter('started_by') === 'page';

        return $this->site->startLogin($returnTo, $names, $request->parameter('purpose'), $isStartedByPage);
    }

    private function callback(IncomingRequest $request): Answer
    {
        try {
            $before = $this->site->user();
            $finished = $this->userref->completeLogin($request->query, $request->header('cookie'), $before);
        } catch (LoginFailed $error) {
            return $this->recover($error);
        }
        $answer = $this->hooks->onLogin === null ? null : ($this->hooks->onLogin)($finished);
        if ($answer !== null) {
            return $answer->withCookies($finished->cookies);
        }
        $this->site->keep($finished->session);

        return Answer::redirect($finished->returnTo, $finished->cookies);
    }

    /** What needs no error page: a login that took too long, one that was finished already, a "no" to sharing. */
    private function recover(LoginFailed $error): Answer
    {
        $code = $error->errorCode();
        if ($code === ErrorCode::LoginExpired) {
            $again = $this->site->startLogin($error->returnTo, isStartedByPage: true);

            return $again->withCookies($error->cookies);
        }
        $wentBack = $code === ErrorCode::LoginStateMissing
            || ($code === ErrorCode::LoginDenied && !$error->isTransient());
        if (!$wentBack || $this->site->user() === null) {
            throw $error;
        }
        // The bridge has written down that this visitor was asked.
        $handle = $error->sessionHandle?->reveal();
        $session = $handle === null ? null : $this->userref->refreshSession($handle);
        if ($session !== null) {
            $this->site->keep($session);
        }

        return Answer::redirect($error->returnTo ?? '/', $error->cookies);
    }

    private function logout(IncomingRequest $request): Answer
    {
        if (!$request->isSameOrigin($this->userref->config->baseUrl)) {
            throw new UserrefException(ErrorCode::CsrfRejected);
        }
        $url = $this->userref->logoutUrl($this->site->user());
        $this->site->forget();
        if ($request->wantsHtml()) {
            return Answer::redirect($url);
        }
        $headers = ['Content-Type' => 'application/json; charset=utf-8', 'Cache-Control' => 'no-store'];

        return new Answer(200, $headers, json_encode(['logout_url' => $url], JSON_THROW_ON_ERROR));
    }

    /** 204 when done or done before; 503 makes the core deliver again. */
    private function webhook(IncomingRequest $request): Answer
    {
        $body = $request->rawBody();
        if (strlen($body) > self::MAX_BODY_BYTES) {
            throw new UserrefException(ErrorCode::PayloadTooLarge);
        }
        try {
            $handled = $this->userref->handleWebhook($body, $request->headers(), $this->hooks->onEvent);
        } catch (UserrefThrowable $error) {
            throw $error;
        } catch (\Throwable $failure) {
            $detail = 'The event could not be applied.';
            throw new UserrefException(ErrorCode::ServiceUnavailable, $detail, previous: $failure);
        }
        $isPurge = $handled->event->asksForPurge();
        $isPurged = $isPurge && $this->hooks->onPurge !== null && ($this->hooks->onPurge)($handled->event);
        $json = ['Content-Type' => 'application/json; charset=utf-8', 'Cache-Control' => 'no-store'];

        // The answer is the confirmation: the person sees that this site has purged the data.
        return $isPurged ? new Answer(200, $json, '{"status":"purged"}') : Answer::empty(204);
    }

    /** `target_link_uri` is a whole address; what is not on this site is left for the bridge to refuse. */
    private function pathOf(?string $target): ?string
    {
        $baseUrl = $this->userref->config->baseUrl;

        $isHere = $target !== null && str_starts_with($target, "{$baseUrl}/");

        return $isHere ? substr($target, strlen($baseUrl)) : $target;
    }
}
