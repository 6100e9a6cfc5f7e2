<?php

declare(strict_types=1);

namespace Userref\Bridge;

use Userref\Exception\BridgeUnreachable;

/** Carries a request to the bridge. Follows no redirect, uses no proxy, reads at most {@see MAX_BYTES}. */
interface Transport
{
    public const MAX_BYTES = 8388608;
    /** The bridge is on this machine. */
    public const CONNECT_TIMEOUT_SECONDS = 0.25;

    /** @throws BridgeUnreachable */
    public function send(Request $request): Response;
}
