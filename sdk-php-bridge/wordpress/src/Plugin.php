<?php

declare(strict_types=1);

namespace UserrefLogin;

/** The parts of the plug-in, and the one place where they begin. */
final class Plugin
{
    /** As in the header of the plug-in's main file. */
    public const VERSION = '0.1.0';
    private static ?Services $services = null;

    /** @param string $file the plug-in's main file */
    public static function start(string $file): void
    {
        self::$services = new Services($file);
        // At once: another plug-in may ask who is there before `plugins_loaded` is through.
        (new Sessions\TokenManagers())->register();
        add_action('plugins_loaded', static function (): void {
            foreach (self::parts(self::services()) as $part) {
                $part->register();
            }
        }, 5);
    }

    public static function services(): Services
    {
        return self::$services ?? throw new \LogicException('The plug-in Userref Login has not begun.');
    }

    /** @return list<Part> */
    public static function parts(Services $services): array
    {
        return [
            new Roles\Installation($services),
            new Translations($services),
            new Network\Sites($services),
            new Login\Addresses($services),
            new Login\Places($services),
            new Login\SignOut($services),
            new Settings\SettingsPage($services),
            new Sessions\EndedSessions($services),
            new Sessions\CatchUp($services),
            new Users\Passwords($services),
            new Users\Placeholders($services),
            new Users\Mails($services),
            new Users\Visibility($services),
            new Users\Comments($services),
            new Users\ProtectedMeta(),
            new Users\AccountPage($services),
            new Webhook\Webhook($services),
            new Privacy\PersonalData($services),
            new Privacy\Eraser($services),
            new Privacy\PolicyText(),
            new Privacy\RequestScreens($services),
            new Health\SiteHealth($services),
            new Cli\CommandLine($services),
            new Woo\Shop($services),
        ];
    }
}
