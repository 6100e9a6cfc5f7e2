<?php

declare(strict_types=1);

namespace Userref\Tests;

use Userref\Exception\ConsentRequired;
use Userref\Testing\FakeUserref;
use Userref\Tests\Support\SiteTestCase;

/** What a page asks visitors to share. */
final class SiteConsentTest extends SiteTestCase
{
    public function testTheVisitorIsAskedOnceForAPurposeAndARefusalIsRemembered(): void
    {
        $this->signIn('/');
        $question = $this->site('/checkout')->requireConsent(['address:shipping'], 'order_delivery', ['contact:email']);
        self::assertSame(303, $question?->status);
        $this->comeBack($question, FakeUserref::cookieHeader($question->cookies));
        $this->expectException(ConsentRequired::class);
        $this->site('/checkout')->requireConsent(['address:shipping'], 'order_delivery', ['contact:email']);
    }

    public function testWhatIsSharedIsNotAskedFor(): void
    {
        $this->signIn('/');
        self::assertNull($this->site('/checkout')->requireConsent(['contact:email'], 'order_delivery'));
    }

    public function testAConsentThatTurnsOutToBeWithdrawnIsTakenOffTheSession(): void
    {
        $this->signIn('/');
        $this->fake->bridge->shared = [];
        try {
            $this->site('/')->attributes(['contact:email'], 'news');
            self::fail('It was shared.');
        } catch (ConsentRequired $error) {
            self::assertSame([['contact:email'], 'news'], [$error->attributes, $error->purpose]);
        }
        self::assertSame([], $this->site('/')->requireUser()->consents);
    }
}
