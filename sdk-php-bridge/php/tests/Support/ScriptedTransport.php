<?php

declare(strict_types=1);

namespace Userref\Tests\Support;

use Userref\Bridge\Request;
use Userref\Bridge\Response;
use Userref\Bridge\Transport;
use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;

/** Gives the answers that it was given, then is away. */
final class ScriptedTransport implements Transport
{
    public int $count = 0;

    /** @param list<Response> $answers */
    public function __construct(private array $answers)
    {
    }

    public function send(Request $request): Response
    {
        $this->count++;

        return array_shift($this->answers) ?? throw new BridgeUnreachable(ErrorCode::BridgeUnreachable);
    }
}
