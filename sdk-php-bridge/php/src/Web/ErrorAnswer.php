<?php

declare(strict_types=1);

namespace Userref\Web;

use Userref\Contract\ErrorCode;
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
        'forbidden' => 403, 'conflict' => 409, 'method_not_allowed' => 405, 'payload_too_large' => 413,
        'rate_limited' => 429,
        'token_exchange_failed' => 502, 'attributes_unavailable' => 502, 'discovery_failed' => 503,
        'network_failed' => 503, 'service_unavailable' => 503, 'bridge_unreachable' => 503,
        'bridge_unauthorized' => 503, 'config_invalid' => 503,
        'webhook_headers_missing' => 400, 'webhook_body_invalid' => 400, 'webhook_timestamp_invalid' => 401,
        'webhook_signature_invalid' => 401,
    ];
    /** No scripts, nothing from elsewhere; it fits any site. */
    private const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private const WORTH_ANOTHER_LOGIN
        = '/\A(?:login_|passport_|session_|issuer_|token_|not_signed_in|discovery_|network_|bridge_unreachable)/';

    public static function of(UserrefThrowable $error, IncomingRequest $request, Site $site): Answer
    {
        $status = self::status($error->errorCode());
        $headers = ['Cache-Control' => 'no-store', 'X-Content-Type-Options' => 'nosniff'];
        $headers += $status === 503 ? ['Retry-After' => '5'] : [];
        $headers += $status === 405 ? ['Allow' => $request->method === 'GET' ? 'POST' : 'GET'] : [];
        $cookies = $error instanceof LoginFailed ? $error->cookies : [];
        if ($request->wantsHtml()) {
            $headers += [
                'Content-Type' => 'text/html; charset=utf-8',
                'Content-Security-Policy' => self::POLICY,
                'Referrer-Policy' => 'no-referrer',
            ];

            return new Answer($status, $headers, self::page($error, self::links($error, $request, $site)), $cookies);
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

    /** @return array<string, string> text by address */
    private static function links(UserrefThrowable $error, IncomingRequest $request, Site $site): array
    {
        $start = $site->userref->config->afterLogout;
        if ($error instanceof ConsentRequired) {
            $returnTo = $request->method === 'GET' ? $request->path : null;
            $path = $site->loginPath($returnTo, $error->attributes, $error->purpose);

            return [$path => 'Choose what to share', $start => 'Back to the start page'];
        }
        if (preg_match(self::WORTH_ANOTHER_LOGIN, $error->errorCode()->value) !== 1) {
            return [$start => 'Back to the start page'];
        }
        $returnTo = $error instanceof LoginFailed ? $error->returnTo : null;

        return [$site->loginPath($returnTo) => 'Sign in again', $start => 'Back to the start page'];
    }

    /** @param array<string, string> $links */
    private static function page(UserrefThrowable $error, array $links): string
    {
        $code = $error->errorCode();
        [$title, $said, $fix] = array_map(self::inert(...), VisitorTexts::of($code));
        $items = '';
        foreach ($links as $href => $text) {
            $items .= '<li><a href="' . self::inert((string) $href) . '">' . self::inert($text) . "</a></li>\n";
        }
        $help = self::inert($error->helpUrl());
        $requestId = $error->requestId() === null ? '' : ' · request ' . self::inert($error->requestId());

        return <<<HTML
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>{$title}</title>
            </head>
            <body>
            <main>
            <h1>{$title}</h1>
            <p>{$said}</p>
            <p>{$fix}</p>
            <ul>
            {$items}</ul>
            <p><small>Code <a href="{$help}" rel="noreferrer">{$code->value}</a>{$requestId}</small></p>
            </main>
            </body>
            </html>

            HTML;
    }

    private static function inert(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
