<?php

declare(strict_types=1);

namespace Userref\Exception;

/** The session is over: `session_invalid`, `session_expired` or `session_revoked`. Treat the visitor as signed out. */
final class SessionEnded extends UserrefException
{
}
