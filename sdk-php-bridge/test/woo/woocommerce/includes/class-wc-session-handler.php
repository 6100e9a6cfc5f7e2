<?php

declare(strict_types=1);

/** As includes/class-wc-session-handler.php: a row per visitor, by user id or by a cookie, written at `shutdown`. */
final class WC_Session_Handler
{
    private const COOKIE = 'wp_woocommerce_session';
    private string $key = '';
    /** @var array<string, mixed> */
    private array $data = [];
    private bool $isDirty = false;

    public function init(): void
    {
        $cookie = (string) ($_COOKIE[self::COOKIE] ?? '');
        $user = is_user_logged_in() ? (string) get_current_user_id() : '';
        $isGuest = preg_match('/\At_[0-9a-f]{30}\z/', $cookie) === 1;
        $this->key = $isGuest ? $cookie : ($user !== '' ? $user : 't_' . bin2hex(random_bytes(15)));
        $this->data = $this->row($this->key);
        // `init_session_cookie`: what a guest has in the session is the user's who has signed in, all of it.
        if ($isGuest && $user !== '') {
            [$this->key, $this->isDirty] = [$user, true];
            $this->save_data();
            $this->delete_session($cookie);
            do_action('woocommerce_guest_session_to_user_id', $cookie, $user);
        }
        if ($cookie !== $this->key && !headers_sent()) {
            setcookie(self::COOKIE, $this->key, ['path' => '/', 'httponly' => true]);
        }
        add_action('shutdown', $this->save_data(...), 20);
    }

    /** @return array<string, mixed> */
    public function get_session_data(): array
    {
        return $this->row($this->key);
    }

    public function get(string $key, mixed $default = null): mixed
    {
        return $this->data[$key] ?? $default;
    }

    /** `WC_Session::set`: the row is written again only where something is another. */
    public function set(string $key, mixed $value): void
    {
        if ($value !== $this->get($key)) {
            $this->data[$key] = $value;
            $this->isDirty = true;
        }
    }

    public function save_data(): void
    {
        global $wpdb;
        if ($this->isDirty) {
            $wpdb->replace("{$wpdb->prefix}woocommerce_sessions", [
                'session_key' => $this->key,
                'session_value' => maybe_serialize($this->data),
                'session_expiry' => time() + 172800,
            ]);
            $this->isDirty = false;
        }
    }

    public function delete_session(string $key): void
    {
        global $wpdb;
        $wpdb->delete("{$wpdb->prefix}woocommerce_sessions", ['session_key' => $key]);
    }

    /** @return array<string, mixed> */
    private function row(string $key): array
    {
        global $wpdb;
        $sql = "select session_value from {$wpdb->prefix}woocommerce_sessions where session_key = %s";
        $value = $wpdb->get_var($wpdb->prepare($sql, $key));

        return $value === null ? [] : (array) maybe_unserialize($value);
    }
}
