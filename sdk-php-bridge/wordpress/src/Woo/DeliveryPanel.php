<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Attributes;
use Userref\Exception\ConsentRequired;
use Userref\Exception\SessionEnded;
use Userref\Exception\UserrefThrowable;

/** What the visitor sees at the checkout in place of fields: where it goes, live, or a way to share it. */
final class DeliveryPanel
{
    public function __construct(
        private readonly Delivery $delivery,
        private readonly Options $options,
    ) {
    }

    public function html(): string
    {
        try {
            $inner = $this->valuesHtml($this->delivery->values());
        } catch (UserrefThrowable $error) {
            $inner = '<p class="userref-delivery-problem" role="status">' . $this->problemHtml($error) . '</p>';
        }

        return sprintf(
            '<section class="userref-delivery" aria-labelledby="userref-delivery-title">'
            . '<h3 id="userref-delivery-title">%s</h3>%s</section>',
            esc_html__('Delivery', 'userref-login'),
            $inner,
        );
    }

    /** What is in the way, with the way out: for notices and the page. */
    public function problemHtml(UserrefThrowable $error): string
    {
        $text = esc_html(Messages::forCustomer($error));
        $link = $this->wayOut($error);

        return $link === null ? $text : sprintf(
            '%s <a class="button userref-share" rel="nofollow" href="%s">%s</a>',
            $text,
            esc_url($link[0]),
            esc_html($link[1]),
        );
    }

    /** @return array{string, string}|null address and label */
    public function wayOut(UserrefThrowable $error): ?array
    {
        if ($error instanceof ConsentRequired) {
            $isInvoice = $error->purpose === $this->options->invoicePurpose();
            $path = $isInvoice ? $this->delivery->askInvoicePath() : $this->delivery->askPath();

            return [$path, __('Choose what to share', 'userref-login')];
        }
        $isSignedOut = $error instanceof SessionEnded
            || in_array($error->errorCode()->value, ['not_signed_in', 'session_invalid'], true);

        return $isSignedOut ? [$this->delivery->askPath(), __('Sign in', 'userref-login')] : null;
    }

    private function valuesHtml(Attributes $values): string
    {
        $names = $values->names();
        $rows = [];
        if (in_array(Delivery::ADDRESS, $names, true)) {
            $address = WooAddress::from($values);
            $rows[] = [__('Address', 'userref-login'), WC()->countries->get_formatted_address($address)];
        } else {
            $country = $this->delivery->country();
            $rows[] = [__('Country', 'userref-login'), esc_html(WC()->countries->get_countries()[$country] ?? $country)];
        }
        if (in_array(Delivery::EMAIL, $names, true)) {
            $rows[] = [__('E-mail', 'userref-login'), esc_html((string) $values->get(Delivery::EMAIL))];
        }
        $list = '';
        foreach ($rows as [$label, $html]) {
            $list .= sprintf('<dt>%s</dt><dd>%s</dd>', esc_html($label), wp_kses($html, ['br' => []]));
        }
        $note = __(
            'The shop does not store this. It keeps a sealed record, opens it to deliver, and only while you share it.',
            'userref-login'
        );

        return sprintf('<dl>%s</dl><p>%s%s</p>', $list, esc_html($note), $this->changeHtml());
    }

    private function changeHtml(): string
    {
        $url = $this->options->myDataUrl();

        return $url === '' ? '' : sprintf(
            ' <a href="%s">%s</a>',
            esc_url($url),
            esc_html__('Change it in My data', 'userref-login'),
        );
    }
}
