<?php

declare(strict_types=1);

namespace UserrefLogin\Cli;

use UserrefLogin\Health\Facts;
use UserrefLogin\Health\SiteHealth;
use UserrefLogin\Services;
use UserrefLogin\Sessions\CatchUp;

/**
 * Looks after Userref on this site: checks, sessions and revocations.
 *
 * The texts of these docblocks are what WP-CLI shows as help.
 */
final class Commands
{
    /** The longest that a session can last, and a little for clocks that are ahead. */
    private const KEEP_SECONDS = 604920;

    public function __construct(private readonly Services $services)
    {
    }

    /**
     * Checks bridge, clocks, addresses, cron and sessions.
     *
     * Asks the same questions as Tools → Site Health. Ends with 1 when something that the plug-in promises does not hold.
     *
     * ## OPTIONS
     *
     * [--format=<format>]
     * : How to print the answers.
     * ---
     * default: table
     * options:
     *   - table
     *   - json
     *   - csv
     *   - yaml
     * ---
     *
     * ## EXAMPLES
     *
     *     wp userref doctor
     *     wp userref doctor --format=json
     *
     * @param list<string> $args
     * @param array<string, string> $options
     */
    public function doctor(array $args, array $options): void
    {
        $rows = [];
        foreach (SiteHealth::checks($this->services) as $name => $check) {
            $result = $check->run();
            $rows[] = [
                'check' => $name,
                'status' => $result->status,
                'found' => $result->summary,
                'details' => $result->explanation,
            ];
        }
        $this->show($rows, $options);
        if (in_array('critical', array_column($rows, 'status'), true)) {
            \WP_CLI::halt(1);
        }
    }

    /**
     * Shows settings and numbers, without secrets.
     *
     * ## OPTIONS
     *
     * [--format=<format>]
     * : How to print them.
     * ---
     * default: table
     * options:
     *   - table
     *   - json
     *   - csv
     *   - yaml
     * ---
     *
     * ## EXAMPLES
     *
     *     wp userref status
     *
     * @param list<string> $args
     * @param array<string, string> $options
     */
    public function status(array $args, array $options): void
    {
        $rows = [];
        foreach ((new Facts($this->services))->all() as $name => $value) {
            $rows[] = ['name' => $name, 'value' => $value];
        }
        $this->show($rows, $options);
    }

    /**
     * Signs people out of this site, on all their devices.
     *
     * They may sign in again. To end their access for good, revoke it at the core.
     *
     * ## OPTIONS
     *
     * <user>...
     * : A user_ref (ppid_…), or the id of a WordPress user.
     *
     * ## EXAMPLES
     *
     *     wp userref revoke 42
     *     wp userref revoke ppid_aaaaaaaaaaaaaaaaaaaaaaaaaa
     *
     * @param list<string> $args
     * @param array<string, string> $options
     */
    public function revoke(array $args, array $options): void
    {
        $unknown = [];
        foreach ($args as $given) {
            $userRef = $this->userRefOf($given);
            if ($userRef === null) {
                $unknown[] = $given;
                continue;
            }
            $this->services->revocations()->revokeUser($userRef, time(), time() + self::KEEP_SECONDS);
            $user = $this->services->users()->find($userRef);
            $user === null || \WP_Session_Tokens::get_instance($user->ID)->destroy_all();
            \WP_CLI::log("{$given}: " . __('signed out', 'userref-login'));
        }
        if ($unknown !== []) {
            /* translators: %s: what was typed */
            \WP_CLI::error(sprintf(__('Nobody here signs in by Userref as: %s', 'userref-login'), implode(', ', $unknown)));
        }
    }

    /**
     * Deletes revocations that no session can be affected by any more.
     *
     * This happens by itself, too.
     *
     * ## EXAMPLES
     *
     *     wp userref prune
     *
     * @param list<string> $args
     * @param array<string, string> $options
     */
    public function prune(array $args, array $options): void
    {
        $count = $this->services->revocations()->prune();
        /* translators: %d: number of rows */
        \WP_CLI::success(sprintf(__('%d deleted.', 'userref-login'), $count));
    }

    /**
     * Applies revocations whose webhook did not arrive.
     *
     * WP-Cron does it once a minute. Where WP-Cron is switched off, have the system's cron run this.
     *
     * ## EXAMPLES
     *
     *     wp userref catch-up
     *
     * @subcommand catch-up
     *
     * @param list<string> $args
     * @param array<string, string> $options
     */
    public function catchUp(array $args, array $options): void
    {
        $new = (new CatchUp($this->services))->run();
        if ($new === null) {
            \WP_CLI::error(__('Not all could be done now, and it is tried again; wp userref doctor says more.', 'userref-login'));

            return;
        }
        /* translators: %d: number of revocations */
        \WP_CLI::success(sprintf(__('%d new.', 'userref-login'), $new));
    }

    private function userRefOf(string $given): ?string
    {
        return ctype_digit($given)
            ? $this->services->users()->userRefOf((int) $given)
            : ($this->services->users()->find($given) === null ? null : $given);
    }

    /**
     * @param list<array<string, string>> $rows
     * @param array<string, string> $options
     */
    private function show(array $rows, array $options): void
    {
        \WP_CLI\Utils\format_items($options['format'] ?? 'table', $rows, array_keys($rows[0] ?? []));
    }
}
