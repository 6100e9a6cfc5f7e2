<?php

declare(strict_types=1);

namespace Userref;

use Userref\Bridge\BridgeClient;
use Userref\Bridge\BridgeKeys;
use Userref\Bridge\CircuitBreaker;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\UserrefException;
use Userref\Passport\Expectations;
use Userref\Passport\OfflineStatus;
use Userref\Passport\Passport;
use Userref\Passport\PassportVerifier;
use Userref\Revocation\RevokedSessions;
use Userref\Web\Cookie;
use Userref\Webhook\WebhookVerifier;

/**
 * Everything a site needs. People sign in and are known by a `user_ref`; what they agreed to share is asked for at the
 * moment it is needed, and never stored. {@see Web\Site} puts it behind a site's addresses.
 *
 * Webhooks, passports and the question whether a session is still good are answered here, without the bridge: while it
 * is away nobody is signed out.
 */
final class Userref
{
    use Internal\Sealing;
    use Internal\Events;

    /** What an answer with a session has. */
    private const SESSION = ['session' => [Session::class, 'isWellFormed'], 'session_handle' => 'is_string'];

    private readonly BridgeClient $bridge;
    private readonly PassportVerifier $passports;
    private readonly WebhookVerifier $webhooks;
    private readonly RevokedSessions $revoked;

    private function __construct(public readonly Config $config)
    {
        $breaker = new CircuitBreaker($config->cache);
        $this->bridge = new BridgeClient($config->transport, $config->bridgeSecret, $breaker, $config->logger);
        $this->passports = new PassportVerifier(new BridgeKeys($this->bridge, $config->cache));
        $this->webhooks = new WebhookVerifier($config->webhookSecrets, $config->webhookPublicKeys);
        $this->revoked = new RevokedSessions($config->revocations);
    }

    /**
     * @param array<string, mixed> $config see {@see Config::fromArray}
     *
     * @throws Exception\ConfigException listing every problem
     */
    public static function fromConfig(#[\SensitiveParameter] array $config): self
    {
        return new self(Config::fromArray($config));
    }

    /**
     * Begins a login. Do it when the visitor clicks, never while a page is made: pages are cached and a login is not.
     *
     * @param string|null $returnTo a path of this site to come back to; default `/`
     * @param list<string> $attributes to ask the person for; needs `$purpose`
     * @param 'login'|'consent'|'none'|null $prompt
     * @param list<string> $uiLocales languages of the core's pages, best first
     * @param string|null $cookieHeader the request's `Cookie` header
     * @param bool $isStartedByPage when no person asked for it: such logins are counted (`login_loop`)
     *
     * @throws UserrefException `return_to_rejected`, `unknown_attribute`, `purpose_required`, `login_loop`,
     *     `preview_refused`
     * @throws BridgeUnreachable
     */
    public function startLogin(
        ?string $returnTo = null,
        array $attributes = [],
        ?string $purpose = null,
        ?string $prompt = null,
        ?int $maxAgeSeconds = null,
        array $uiLocales = [],
        #[\SensitiveParameter] ?string $cookieHeader = null,
        bool $isStartedByPage = false,
    ): LoginRedirect {
        $answer = $this->ask('/v1/login/start', [
            'return_to' => $returnTo,
            'attributes' => $attributes === [] ? null : $attributes,
            'purpose' => $purpose,
            'prompt' => $prompt,
            'max_age_seconds' => $maxAgeSeconds,
            'ui_locales' => $uiLocales === [] ? null : $uiLocales,
            'cookies' => (object) Cookie::ours($cookieHeader),
            'started_by' => $isStartedByPage ? 'page' : null,
        ], ['authorization_url' => 'is_string']);

        return new LoginRedirect($answer['authorization_url'], Cookie::listFrom($answer['cookies'] ?? null));
    }

    /**
     * Takes a login that came back.
     *
     * @param string $query the query as it came, `$_SERVER['QUERY_STRING']`; `$_GET` hides what occurs twice
     * @param Session|null $session the one before, where there is one
     *
     * @throws Exception\LoginFailed `login_state_missing`, `login_state_mismatch`, `login_expired`, `login_denied`,
     *     `issuer_mismatch`, `token_exchange_failed`, a `passport_…` reason, `network_failed`
     * @throws BridgeUnreachable
     */
    public function completeLogin(
        #[\SensitiveParameter] string $query,
        #[\SensitiveParameter] ?string $cookieHeader,
        ?Session $session = null,
    ): FinishedLogin {
        $answer = $this->ask('/v1/login/complete', [
            'query' => $query,
            'cookies' => (object) Cookie::ours($cookieHeader),
            'session_handle' => $session?->handle(),
        ], self::SESSION + ['return_to' => 'is_string']);
        $new = Session::fromAnswer($answer['session'], $answer['session_handle']);

        return new FinishedLogin($new, $answer['return_to'], Cookie::listFrom($answer['cookies'] ?? null));
    }

    /** Whether a session is neither over nor revoked, as far as this site has heard. Asks no bridge. */
    public function isLive(Session $session): bool
    {
        return $this->revoked->isLive($session, $this->now());
    }

    /**
     * Asks the bridge for the session with its consents and questions as they are sealed; null when it is over.
     *
     * @throws BridgeUnreachable
     */
    public function refreshSession(#[\SensitiveParameter] string $handle): ?Session
    {
        $answer = $this->ask('/v1/session/refresh', ['session_handle' => $handle], ['active' => 'is_bool']);
        BridgeClient::check($answer, $answer['active'] ? self::SESSION : []);

        return $answer['active'] ? Session::fromAnswer($answer['session'], $answer['session_handle']) : null;
    }

    /**
     * Fetches values live from the person's cell: all of `$names`, or an error.
     *
     * @param list<string> $names such as `address:shipping`
     *
     * @throws Exception\ConsentRequired names what is missing
     * @throws Exception\SessionEnded
     * @throws BridgeUnreachable
     * @throws UserrefException `processing_restricted`, `unknown_attribute`, `purpose_required`, `unknown_purpose`, …
     */
    public function attributes(Session $session, array $names, string $purpose): Attributes
    {
        $answer = $this->ask('/v1/attributes', [
            'session_handle' => $session->handle(),
            'names' => $names,
            'purpose' => $purpose,
        ], ['attributes' => 'is_array']);

        return new Attributes($answer['attributes']);
    }

    /**
     * Verifies a passport by itself, with cached keys.
     *
     * @throws Exception\PassportRefused with the reason as its code
     * @throws BridgeUnreachable when the key is not at hand and the bridge is away
     */
    public function verifyPassport(
        #[\SensitiveParameter] string $jwt,
        ?string $nonce = null,
        ?int $maxAgeSeconds = null,
        #[\SensitiveParameter] ?string $accessToken = null,
        ?OfflineStatus $status = null,
    ): Passport {
        $config = $this->config;

        return $this->passports->verify($jwt, new Expectations(
            $config->issuer,
            $config->site,
            $this->now(),
            $config->toleranceSeconds,
            $nonce,
            $maxAgeSeconds,
            $accessToken,
            $status,
        ));
    }

    /** Ends the session here, and gives the address that ends it at the core too: send the browser there. */
    public function logoutUrl(?Session $session): string
    {
        if ($session !== null) {
            $this->revoked->endSession($session);
        }
        try {
            $body = ['session_handle' => $session?->handle()];

            return $this->ask('/v1/logout', $body, ['logout_url' => 'is_string'])['logout_url'];
        } catch (UserrefException) {
            return $this->config->baseUrl . $this->config->afterLogout;
        }
    }

    /** @throws BridgeUnreachable */
    public function health(): Health
    {
        return Health::fromAnswer($this->bridge->call('GET', '/v1/health'));
    }

    /**
     * What depends on the address that the site has for its visitors.
     *
     * @param array<string, mixed> $body
     * @param array<string, callable(mixed): bool> $members that the answer must have
     *
     * @return array<string, mixed>
     */
    private function ask(string $target, #[\SensitiveParameter] array $body, array $members): array
    {
        $body += ['preview_origin' => $this->config->previewOrigin];

        return $this->bridge->call('POST', $target, $body, $members);
    }

    private function now(): int
    {
        return ($this->config->clock)();
    }
}
