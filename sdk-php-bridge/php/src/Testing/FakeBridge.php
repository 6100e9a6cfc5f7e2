<?php

declare(strict_types=1);

namespace Userref\Testing;

use Userref\Bridge\Request;
use Userref\Bridge\Response;
use Userref\Bridge\Transport;
use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;
use Userref\Web\ErrorAnswer;

/** A bridge in memory: one person, who signs in at once and shares what {@see FakeUserref} says. */
final class FakeBridge implements Transport
{
    /** @var list<string> every call so far, such as `POST /v1/attributes` */
    public array $calls = [];
    public bool $isAway = false;
    /** @var array<string, mixed> values by attribute: what the person shares */
    public array $shared = [];
    /** @var list<array<string, mixed>> what `/v1/revocations` gives */
    public array $events = [];
    private int $logins = 0;
    /** @var array<string, array<string, mixed>> */
    private array $sessions = [];
    /** @var array<string, array{string, string, list<string>}> */
    private array $envelopes = [];

    public function __construct(private readonly string $userRef, private readonly \Closure $clock)
    {
    }

    public function send(Request $request): Response
    {
        $path = explode('?', $request->target, 2)[0];
        $this->calls[] = "{$request->method} {$path}";
        if ($this->isAway) {
            throw new BridgeUnreachable(ErrorCode::BridgeUnreachable);
        }
        $body = $request->body === '' ? [] : json_decode($request->body, true, 16, JSON_THROW_ON_ERROR);

        return match ($path) {
            '/v1/login/start' => $this->start($body),
            '/v1/login/complete' => $this->complete($body),
            '/v1/session/refresh' => $this->refresh($body),
            '/v1/attributes' => $this->attributes($body),
            '/v1/attributes/seal' => $this->seal($body),
            '/v1/attributes/unseal' => $this->unseal($body),
            '/v1/webhook/confirm-purge' => self::json(['confirmed' => true]),
            '/v1/logout' => self::json(['logout_url' => 'https://id.example.eu/session/end']),
            '/v1/revocations' => self::json(['events' => $this->events, 'next' => (string) count($this->events)]),
            '/v1/health' => self::json($this->health()),
            default => self::refusal(ErrorCode::NotFound),
        };
    }

    /** @param array<string, mixed> $body */
    private function start(array $body): Response
    {
        $returnTo = $body['return_to'] ?? '/';
        if (preg_match('~\A/(?!/)[^\x00-\x20\x7f\\\\]*\z~', $returnTo) !== 1) {
            return self::refusal(ErrorCode::ReturnToRejected);
        }
        $state = 'fake-state-' . ++$this->logins;
        $transaction = ['return_to' => $returnTo, 'purpose' => $body['purpose'] ?? ''];
        $value = rtrim(strtr(base64_encode((string) json_encode($transaction)), '+/', '-_'), '=');
        $cookie = ['name' => $this->cookieName($state), 'value' => $value, 'max_age' => 3600, 'secure' => true];

        return self::json([
            'authorization_url' => 'https://id.example.eu/auth?' . http_build_query(['state' => $state]),
            'cookies' => [$cookie],
        ]);
    }

    /** @param array<string, mixed> $body */
    private function complete(array $body): Response
    {
        parse_str($body['query'], $query);
        $name = $this->cookieName((string) ($query['state'] ?? ''));
        $sealed = $body['cookies'][$name] ?? null;
        if ($sealed === null) {
            $code = $body['cookies'] === [] ? ErrorCode::LoginStateMissing : ErrorCode::LoginStateMismatch;

            return self::refusal($code);
        }
        $transaction = json_decode((string) base64_decode(strtr($sealed, '-_', '+/')), true);
        $removal = [['name' => $name, 'value' => '', 'max_age' => 0, 'secure' => true]];
        if (isset($query['error'])) {
            $members = ['cookies' => $removal, 'return_to' => $transaction['return_to']];

            return self::refusal(ErrorCode::LoginDenied, $members);
        }
        $handle = $this->newSession($transaction['purpose']);

        return self::json([
            'session' => $this->sessions[$handle],
            'session_handle' => $handle,
            'return_to' => $transaction['return_to'],
            'cookies' => $removal,
        ]);
    }

    private function newSession(string $purpose): string
    {
        $now = ($this->clock)();
        $handle = 'fake-handle-' . $this->logins;
        $this->sessions[$handle] = [
            'user_ref' => $this->userRef,
            'sid' => 'fake-sid-' . $this->logins,
            'consents' => array_keys($this->shared),
            'assurance_level' => 'substantial',
            'auth_time' => $now,
            'issued_at' => $now,
            'expires_at' => $now + 28800,
            'asked_purposes' => $purpose === '' ? (object) [] : [$purpose => $now],
        ];

        return $handle;
    }

    /** @param array<string, mixed> $body */
    private function refresh(array $body): Response
    {
        $session = $this->sessions[$body['session_handle']] ?? null;

        return self::json($session === null
            ? ['active' => false, 'reason' => 'session_invalid']
            : ['active' => true, 'session' => $session, 'session_handle' => $body['session_handle']]);
    }

    /** @param array<string, mixed> $body */
    private function attributes(array $body): Response
    {
        if (!isset($this->sessions[$body['session_handle']])) {
            return self::refusal(ErrorCode::SessionInvalid);
        }

        return $this->release($body['names'], $body['purpose']);
    }

    /** @param list<string> $names */
    private function release(array $names, string $purpose): Response
    {
        return $this->missing($names, $purpose)
            ?? self::json(['attributes' => array_intersect_key($this->shared, array_flip($names))]);
    }

    /** @param list<string> $names */
    private function missing(array $names, string $purpose): ?Response
    {
        $missing = array_values(array_diff($names, array_keys($this->shared)));
        $members = ['attributes' => $missing, 'purpose' => $purpose];

        return $missing === [] ? null : self::refusal(ErrorCode::ConsentRequired, $members);
    }

    /** @param array<string, mixed> $body */
    private function seal(array $body): Response
    {
        $refusal = $this->missing($body['names'], $body['purpose']);
        if ($refusal !== null) {
            return $refusal;
        }
        $sealed = 'fake-envelope-' . count($this->envelopes);
        $this->envelopes[$sealed] = [$body['purpose'], $body['order_ref'], $body['names']];
        $from = $body['not_before'] ?? gmdate('Y-m-d\TH:i:s\Z', ($this->clock)());

        return self::json(['sealed' => $sealed, 'not_before' => $from, 'expires_at' => $body['expires_at']]);
    }

    /** @param array<string, mixed> $body */
    private function unseal(array $body): Response
    {
        [$purpose, $orderRef, $names] = $this->envelopes[$body['sealed']] ?? [null, null, []];

        return match (true) {
            $purpose === null => self::refusal(ErrorCode::SealedInvalid),
            [$purpose, $orderRef] !== [$body['purpose'], $body['order_ref']]
                => self::refusal(ErrorCode::SealedMismatch),
            array_diff($names, array_keys($this->shared)) !== []
                => self::refusal(ErrorCode::SealedDestroyed),
            default => $this->release($names, $purpose),
        };
    }

    /** @return array<string, mixed> */
    private function health(): array
    {
        return [
            'status' => 'ok',
            'issuer' => 'https://id.example.eu',
            'site' => 'shop-a',
            'clock_offset_ms' => 0,
            'jwks_age_s' => 0,
            'revocations' => ['caught_up' => true, 'age_s' => 0],
        ];
    }

    private function cookieName(string $state): string
    {
        return '__Host-userref-login-' . substr(hash('sha256', $state), 0, 16);
    }

    /** @param array<string, mixed> $value */
    private static function json(array $value): Response
    {
        return new Response(200, json_encode($value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES));
    }

    /** @param array<string, mixed> $members */
    private static function refusal(ErrorCode $code, array $members = []): Response
    {
        $problem = ['code' => $code->value, 'detail' => $code->detail(), 'retryable' => $code->isTransient()];
        $problem += $members;

        return new Response(ErrorAnswer::status($code), json_encode($problem, JSON_THROW_ON_ERROR));
    }
}
