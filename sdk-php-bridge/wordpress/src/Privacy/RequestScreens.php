<?php

declare(strict_types=1);

namespace UserrefLogin\Privacy;

use UserrefLogin\Part;
use UserrefLogin\Services;

/** Says on WordPress's screens for privacy requests how members are found, and who cannot be. */
final class RequestScreens implements Part
{
    private const SCREENS = ['export-personal-data', 'erase-personal-data'];

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_action('admin_notices', function (): void {
            if (in_array(get_current_screen()?->id, self::SCREENS, true)) {
                echo '<div class="notice notice-info">' . wp_kses($this->html(), ['p' => [], 'code' => []]) . '</div>';
            }
        });
    }

    private function html(): string
    {
        $issuer = $this->services->isConfigured() ? $this->services->userref()->config->issuer : '';
        $how = sprintf(
            /* translators: %s: an address such as ppid_…@users.invalid */
            esc_html__('Members who sign in with Userref have no e-mail here. Enter the address that their profile shows (%s), and do not have a confirmation e-mail sent: nothing is ever sent to it.', 'userref-login'),
            '<code>' . esc_html($this->services->users()->placeholderOf('ppid_…')) . '</code>'
        );
        $who = $issuer === ''
            ? esc_html__('Nobody can be found by their real e-mail, because this site does not know it. Ask them to sign in and to tell you the address of their profile, or to open My data at Userref.', 'userref-login')
            : sprintf(
                /* translators: %s: address of the Userref operator */
                esc_html__('Nobody can be found by their real e-mail, because this site does not know it. Ask them to sign in and to tell you the address of their profile, or to open My data at %s: there they get a copy of their data and can delete it everywhere.', 'userref-login'),
                '<code>' . esc_html($issuer) . '</code>'
            );

        return "<p>{$how}</p><p>{$who}</p>";
    }
}
