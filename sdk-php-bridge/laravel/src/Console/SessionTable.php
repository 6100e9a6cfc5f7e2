<?php

declare(strict_types=1);

namespace Userref\Laravel\Console;

use Illuminate\Contracts\Auth\Factory;
use Illuminate\Contracts\Config\Repository;
use Illuminate\Database\ConnectionInterface;
use Illuminate\Database\ConnectionResolverInterface;
use Illuminate\Database\QueryException;
use Userref\Laravel\UserrefGuard;
use Userref\Laravel\UserrefUserResolver;
use Userref\Laravel\UserResolver;

/**
 * The table of the session driver `database`. Laravel writes there who is signed in, by its own migration as a number.
 * Where the database takes no text for one, Laravel loses the session without a word.
 */
final class SessionTable
{
    private const ROW = ['id' => 'userref-doctor', 'user_id' => 'ppid_aaaaaaaaaaaaaaaaaaaaaaaaaa'];

    public function __construct(
        private readonly Repository $config,
        private readonly ConnectionResolverInterface $database,
        private readonly Factory $auth,
        private readonly UserResolver $users,
    ) {
    }

    /** Whether user_refs get there at all. */
    public function isUsed(): bool
    {
        return $this->config->get('session.driver') === 'database'
            && $this->users instanceof UserrefUserResolver
            && $this->auth->guard() instanceof UserrefGuard;
    }

    public function name(): string
    {
        return (string) $this->config->get('session.table');
    }

    /** Tries it; nothing of it stays. */
    public function takesUserRefs(): bool
    {
        $connection = $this->database->connection($this->config->get('session.connection'));
        $connection->beginTransaction();
        try {
            return $this->insert($connection);
        } catch (QueryException) {
            return false;
        } finally {
            $connection->rollBack();
        }
    }

    private function insert(ConnectionInterface $connection): bool
    {
        return $connection->table($this->name())->insert(self::ROW + ['payload' => '', 'last_activity' => 0]);
    }
}
