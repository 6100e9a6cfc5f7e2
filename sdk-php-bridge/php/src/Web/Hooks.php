<?php

declare(strict_types=1);

namespace Userref\Web;

use Userref\FinishedLogin;
use Userref\Webhook\WebhookEvent;

/** What a site does when events arrive, and when somebody comes back from the core. */
final class Hooks
{
    /**
     * @param (\Closure(WebhookEvent): void)|null $onEvent after an event was verified and has ended what it ends; once,
     *     and again with the next delivery when it throws, which the `cache` of the configuration remembers
     * @param (\Closure(WebhookEvent): bool)|null $onPurge for what must be purged: consent withdrawn or expired, person
     *     erased. True confirms it to the core, and the person sees that. May be called again for one event
     * @param (\Closure(FinishedLogin): ?Answer)|null $onLogin before the visitor is signed in; an answer takes
     *     the place of that, such as when the login was for something else
     * @param (\Closure(ErrorPage): ?Answer)|null $renderError shows people an error in the site's own layout; null
     *     shows the plain page. Status (but that of a redirect), cookies and `Cache-Control` are kept; programs get
     *     problem documents in any case
     */
    public function __construct(
        public readonly ?\Closure $onEvent = null,
        public readonly ?\Closure $onPurge = null,
        public readonly ?\Closure $onLogin = null,
        public readonly ?\Closure $renderError = null,
    ) {
    }

    /**
     * The same with a page of the site's own for errors; for frameworks that make the hooks.
     *
     * @param \Closure(ErrorPage): ?Answer $renderError
     */
    public function withRenderError(\Closure $renderError): self
    {
        return new self($this->onEvent, $this->onPurge, $this->onLogin, $renderError);
    }
}
