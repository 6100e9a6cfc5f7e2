<?php

declare(strict_types=1);

namespace HarbourAndHill;

/** An open page asks whether its session still lives; when it does not, everything personal leaves the page. */
final class LiveCheck
{
    private const ACTION = 'harbour_live';

    private const SCRIPT = <<<'JS'
        (address => {
          const ask = async () => {
            const answer = await fetch(address, { cache: 'no-store' }).then(response => response.json()).catch(() => null);
            if (answer === null || answer.signed_in) return setTimeout(ask, 1500);
            for (const part of document.querySelectorAll('[data-personal]')) part.remove();
            const notice = document.querySelector('[data-signed-out-notice]');
            notice.hidden = false;
            notice.focus();
          };
          setTimeout(ask, 1500);
        })(%s);
        JS;

    public static function register(): void
    {
        foreach (['wp_ajax_', 'wp_ajax_nopriv_'] as $kind) {
            add_action($kind . self::ACTION, static function (): void {
                wp_send_json(['signed_in' => Reader::userRef() !== null]);
            });
        }
        add_action('wp_footer', static function (): void {
            if (Reader::userRef() !== null) {
                $address = admin_url('admin-ajax.php?action=' . self::ACTION, 'relative');
                wp_print_inline_script_tag(sprintf(self::SCRIPT, wp_json_encode($address)));
            }
        });
    }
}
