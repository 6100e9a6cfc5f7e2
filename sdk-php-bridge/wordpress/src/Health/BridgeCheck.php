<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefThrowable;
use Userref\Health;
use UserrefLogin\Services;

/** Whether the bridge answers, is the right one, reaches the core, and the clocks agree. */
final class BridgeCheck implements Check
{
    private const LARGEST_OFFSET_MS = 30000;

    public function __construct(private readonly Services $services)
    {
    }

    public function name(): string
    {
        return 'bridge';
    }

    public function label(): string
    {
        return __('Bridge of Userref', 'userref-login');
    }

    public function isSlow(): bool
    {
        return true;
    }

    public function run(): Result
    {
        $problems = $this->services->configProblems();
        if ($problems !== []) {
            return Result::critical(
                __('Sign-in by Userref is not set up', 'userref-login'),
                implode('; ', $problems)
            );
        }
        try {
            return $this->judge($this->services->userref()->health());
        } catch (UserrefThrowable $error) {
            return self::failure($error);
        }
    }

    private static function failure(UserrefThrowable $error): Result
    {
        return $error->errorCode() === ErrorCode::BridgeUnauthorized
            ? Result::critical(
                __('The bridge of Userref does not know this site’s secret', 'userref-login'),
                __('Nobody can sign in. USERREF_BRIDGE_SECRET must be one of the secrets that the bridge was started with.', 'userref-login')
            )
            : Result::critical(
                __('The bridge of Userref does not answer', 'userref-login'),
                sprintf(
                    /* translators: %s: code of the error, such as bridge_unreachable */
                    __('Nobody can sign in; whoever is signed in stays so. Start the bridge, and check that PHP may open its socket or port (%s).', 'userref-login'),
                    $error->errorCode()->value
                )
            );
    }

    private function judge(Health $health): Result
    {
        $config = $this->services->userref()->config;
        if ([$health->issuer, $health->site] !== [$config->issuer, $config->site]) {
            return Result::critical(
                __('The bridge of Userref belongs to another site', 'userref-login'),
                __('Issuer or site differ between the settings here and those of the bridge. Nobody can sign in.', 'userref-login')
            );
        }
        if (!$health->isOk) {
            return Result::critical(
                __('The bridge does not reach the core of Userref', 'userref-login'),
                __('Nobody can sign in; whoever is signed in stays so. The log of the bridge says why.', 'userref-login')
            );
        }
        $offset = abs($health->clockOffsetMs ?? 0);
        if ($offset > self::LARGEST_OFFSET_MS) {
            return Result::critical(
                __('The clock of this server is wrong', 'userref-login'),
                sprintf(
                    /* translators: %d: seconds */
                    __('It differs by %d seconds from the clock of the core. From one minute on sign-in and webhooks fail. Let the server take its time from the network (NTP).', 'userref-login'),
                    intdiv($offset, 1000)
                )
            );
        }

        return $health->hasCaughtUp
            ? Result::good(__('The bridge of Userref answers', 'userref-login'))
            : Result::recommended(
                __('The bridge of Userref has not caught up', 'userref-login'),
                __('It does not know the latest revocations yet. Webhooks tell of them too; if this stays, look at the log of the bridge.', 'userref-login')
            );
    }
}
