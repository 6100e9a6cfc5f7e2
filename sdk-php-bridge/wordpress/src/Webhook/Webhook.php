<?php

declare(strict_types=1);

namespace UserrefLogin\Webhook;

use Userref\Web\Answer;
use Userref\Web\IncomingRequest;
use UserrefLogin\Part;
use UserrefLogin\Services;
use WP_REST_Request;
use WP_REST_Response;

/**
 * `POST /wp-json/userref/v1/webhook`. The signature over the raw body is the permission. Where another plug-in shuts the
 * REST API, `/userref/webhook` takes the same.
 */
final class Webhook implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_action('rest_api_init', fn () => register_rest_route('userref/v1', '/webhook', [
            'methods' => 'POST',
            'callback' => $this->take(...),
            'permission_callback' => '__return_true',
            'show_in_index' => false,
        ]));
    }

    private function take(WP_REST_Request $request): WP_REST_Response
    {
        if (!$this->services->isConfigured()) {
            return new WP_REST_Response(['code' => 'config_invalid', 'status' => 503], 503, ['Retry-After' => '60']);
        }
        // The address is fixed here, so that no parameter of WordPress decides what is done.
        $path = $this->services->settings()->path('webhook');
        $body = static fn (): string => (string) $request->get_body();
        $incoming = new IncomingRequest('POST', $path, '', self::headers($request), $body);

        return self::response($this->services->siteFor($incoming)->handle() ?? Answer::empty(404));
    }

    /** @return array<string, string> a header that occurs twice fits nothing any more */
    private static function headers(WP_REST_Request $request): array
    {
        $headers = [];
        foreach ($request->get_headers() as $name => $values) {
            $headers[strtr(strtolower((string) $name), '_', '-')] = implode(', ', (array) $values);
        }

        // A program asks, whatever it says of itself.
        return ['accept' => 'application/json'] + $headers;
    }

    private static function response(Answer $answer): WP_REST_Response
    {
        $data = $answer->body === '' ? null : json_decode($answer->body, true);

        return new WP_REST_Response($data, $answer->status, $answer->headers);
    }
}
