<?php

declare(strict_types=1);

namespace Userref\Web;

use Userref\Contract\ErrorCode;
use Userref\Contract\VisitorTexts;
use Userref\Exception\ConsentRequired;
use Userref\Exception\LoginFailed;
use Userref\Exception\UserrefThrowable;

/** A page for people, a problem document (RFC 9457) for programs. Never a cause or secret. */
final class ErrorAnswer
{
    private const STATUS = [
        'login_state_missing' => 400, 'login_state_mismatch' => 400, 'login_expired' => 400, 'login_loop' => 400,
        'login_denied' => 403, 'issuer_mismatch' => 400, 'return_to_rejected' => 400, 'not_found' => 404,
        'unknown_attribute' => 400, 'unknown_purpose' => 400, 'purpose_required' => 400, 'invalid_request' => 400,
        'not_signed_in' => 401, 'session_invalid' => 401, 'session_expired' => 401, 'session_revoked' => 401,
        'consent_required' => 403, 'consent_expired' => 403, 'processing_restricted' => 403, 'csrf_rejected' => 403,
        'forbidden' => 403, 'preview_refused' => 403, 'conflict' => 409, 'method_not_allowed' => 405,
        'payload_too_large' => 413, 'rate_limited' => 429,
        'token_exchange_failed' => 502, 'attributes_unavailable' => 502, 'discovery_failed' => 503,
        'network_failed' => 503, 'service_unavailable' => 503, 'bridge_unreachable' => 503,
        'bridge_unauthorized' => 503, 'config_invalid' => 503,
        'webhook_headers_missing' => 400, 'webhook_body_invalid' => 400, 'webhook_timestamp_invalid' => 401,
        'webhook_signature_invalid' => 401,
    ];
    /** They fit the client's own page and no other. */
    private const OF_OWN_PAGE = [
        'Content-Type' => 'text/html; charset=utf-8',
        'Content-Security-Policy' => VisitorTexts::PAGE_POLICY,
    ];

    /** @param (\Closure(ErrorPage): ?Answer)|null $renderError as in {@see Hooks} */
    public static function of(
        UserrefThrowable $error,
        IncomingRequest $request,
        Site $site,
        ?\Closure $renderError = null,
    ): Answer {
        $status = self::status($error->errorCode());
        $headers = ['Cache-Control' => 'no-store', 'X-Content-Type-Options' => 'nosniff'];
        $headers += $status === 503 ? ['Retry-After' => '5'] : [];
        $headers += $status === 405 ? ['Allow' => $request->method === 'GET' ? 'POST' : 'GET'] : [];
        $cookies = $error instanceof LoginFailed ? $error->cookies : [];
        if ($request->wantsHtml()) {
            $page = self::page($error, $request, $site);
            $headers += ['Referrer-Policy' => 'no-referrer'];
            $own = $renderError === null ? null : $renderError($page);

            return $own === null
                ? new Answer($status, $headers + self::OF_OWN_PAGE, $page->html(), $cookies)
                : self::ofSite($own, new Answer($status, $headers, '', $cookies));
        }
        $headers += ['Content-Type' => 'application/problem+json; charset=utf-8'];

        return new Answer($status, $headers, self::problem($error, $status), $cookies);
    }

    public static function status(ErrorCode $code): int
    {
        return self::STATUS[$code->value] ?? (str_starts_with($code->value, 'passport_') ? 502 : 500);
    }

    private static function problem(UserrefThrowable $error, int $status): string
    {
        $code = $error->errorCode();

        return json_encode(array_filter([
            'type' => $error->helpUrl(),
            'title' => $code->title(),
            'status' => $status,
            'detail' => $error->detail(),
            'code' => $code->value,
            'fix' => $error->fix(),
            'retryable' => $error->isTransient(),
            'request_id' => $error->requestId(),
            'attributes' => $error instanceof ConsentRequired ? $error->attributes : null,
            'purpose' => $error instanceof ConsentRequired ? $error->purpose : null,
        ], static fn ($value) => $value !== null), JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
    }

    /** The page of the site, with what must not get lost: status, cookies, and that nobody keeps it. */
    private static function ofSite(Answer $own, Answer $ours): Answer
    {
        $isRedirect = $own->status >= 300 && $own->status < 400;
        $headers = ['Cache-Control' => 'no-store'] + self::named($own->headers) + $ours->headers;

        return new Answer($isRedirect ? $own->status : $ours->status, $headers, $own->body, [
            ...$ours->cookies,
            ...$own->cookies,
        ]);
    }

    /**
     * Names of headers as they are written here, so that none is there twice.
     *
     * @param array<string, string> $headers
     *
     * @return array<string, string>
     */
    private static function named(array $headers): array
    {
        $names = array_map(static fn (string $name): string => ucwords(strtolower($name), '-'), array_keys($headers));

        return array_combine($names, $headers);
    }

    private static function page(UserrefThrowable $error, IncomingRequest $request, Site $site): ErrorPage
    {
        $code = $error->errorCode();
        $text = VisitorText::of($code, $request->header('accept-language'));

        return new ErrorPage(
            self::status($code),
            $code,
            $text->language,
            $text->direction,
            $text->title,
            $text->happened,
            $text->advice,
            $error->helpUrl(),
            $error->isTransient(),
            $error->requestId(),
            self::links($error, $request, $site, $text),
            $text->words,
        );
    }

    /** @return array<string, string> text by address */
    private static function links(
        UserrefThrowable $error,
        IncomingRequest $request,
        Site $site,
        VisitorText $text,
    ): array {
        $start = [$site->userref->config->afterLogout => $text->words['start']];
        if ($error instanceof ConsentRequired) {
            $returnTo = $request->method === 'GET' ? $request->path : null;
            $path = $site->loginPath($returnTo, $error->attributes, $error->purpose);

            return [$path => $text->words['share']] + $start;
        }
        if ($text->way !== 'sign_in') {
            return $start;
        }
        $returnTo = $error instanceof LoginFailed ? $error->returnTo : null;

        return [$site->loginPath($returnTo) => $text->words['signIn']] + $start;
    }
}
