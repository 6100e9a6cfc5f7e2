<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Attributes;
use Userref\Exception\ConsentRequired;
use Userref\Exception\UserrefThrowable;
use UserrefLogin\Part;
use UserrefLogin\Services;

/**
 * Mails about an order reach the person. For WooCommerce, WordPress and whatever listens to them the receiver is the
 * placeholder; the real address is opened for one mail, put into PHPMailer as the last thing before it sends, and taken
 * out again. `WC_Email::send` asks `woocommerce_mail_callback` how to send (WooCommerce 3.8 to 11).
 */
final class Mails implements Part
{
    private const ACTOR = 'wordpress:order-mail';
    /** The mail that is being sent now. */
    private ?Attributes $receiver = null;
    private string $placeholder = '';
    /** Whether PHPMailer takes what the person shares for an address. */
    private bool $isUsable = true;

    public function __construct(
        private readonly Services $services,
        private readonly Customers $customers,
        private readonly Options $options,
        private readonly Records $records,
    ) {
    }

    public function register(): void
    {
        add_filter('woocommerce_mail_callback', $this->callback(...), PHP_INT_MAX, 2);
        add_filter('userref_send_to_placeholder', $this->isSentNow(...), 10, 2);
        add_action('phpmailer_init', $this->fillIn(...), PHP_INT_MAX);
        add_action('wp_mail_failed', $this->hideReceiver(...), PHP_INT_MIN);
        // Where something ended the request within a mail (`exit`, `wp_die`), `finally` does not run.
        add_action('shutdown', $this->end(...), PHP_INT_MIN);
    }

    /** What sends mails about orders of ours. */
    public function callback(mixed $send, mixed $email = null): mixed
    {
        $order = is_object($email) ? $email->object ?? null : null;
        if (!$order instanceof \WC_Order || !is_callable($send) || !$this->customers->isSealed($order)) {
            return $send;
        }
        $title = (string) ($email->title ?? '');

        return function (mixed $to, mixed ...$rest) use ($order, $title, $send): mixed {
            $all = self::listOf($to);
            $placeholders = array_values(array_filter($all, $this->customers->isPlaceholder(...)));

            return $placeholders === []
                ? $send($to, ...$rest)
                : $this->send($order, $title, $placeholders[0], static fn (): mixed => $send($to, ...$rest));
        };
    }

    public function isSentNow(mixed $isSent, mixed $mail): mixed
    {
        $isNow = $this->receiver !== null && is_array($mail)
            && in_array($this->placeholder, self::listOf($mail['to'] ?? ''), true);

        return $isNow ? true : $isSent;
    }

    /** The last listener before PHPMailer sends. */
    public function fillIn(mixed $mailer): void
    {
        if ($this->receiver === null || !is_object($mailer)) {
            return;
        }
        $others = array_filter(
            $mailer->getToAddresses(),
            fn (array $one): bool => strcasecmp($one[0], $this->placeholder) !== 0,
        );
        // Another mail that somebody sends from within this one.
        if (count($others) === count($mailer->getToAddresses())) {
            return;
        }
        // What PHPMailer says of its talk with the server names the receiver.
        $mailer->SMTPDebug = 0;
        $mailer->clearAddresses();
        foreach ($others as [$address, $name]) {
            $mailer->addAddress($address, $name);
        }
        try {
            $mailer->addAddress((string) $this->receiver->get(Delivery::EMAIL));
        } catch (\Throwable) {
            // Its message quotes the address, and nothing would catch it here. Without a receiver `wp_mail` says no.
            $this->isUsable = false;
        }
    }

    /** Reasons of mail servers quote the address; what logs failed mails gets a reason without it. */
    public function hideReceiver(mixed $error): void
    {
        if ($this->receiver === null || !$error instanceof \WP_Error) {
            return;
        }
        $text = 'The mail server did not take the mail for this receiver.';
        $error->errors = array_map(static fn (): array => [$text], $error->errors);
    }

    private function send(\WC_Order $order, string $title, string $placeholder, callable $send): bool
    {
        $result = false;
        $this->isUsable = true;
        $use = function (Attributes $values) use ($placeholder, $send, &$result): void {
            [$this->receiver, $this->placeholder] = [$values, $placeholder];
            try {
                $result = (bool) $send();
            } finally {
                $this->end();
            }
        };
        try {
            $this->withAddress($order, $use);
            if (!$this->isUsable) {
                $this->note($order, $title);
            }
        } catch (UserrefThrowable $error) {
            $this->note($order, $title, Messages::forStaff($error));
        }

        return $result;
    }

    private function note(\WC_Order $order, string $title, string $reason = ''): void
    {
        $order->add_order_note(trim(sprintf(
            /* translators: 1: kind of mail, such as "Completed order", 2: why */
            __('The mail “%1$s” was not sent to the customer. %2$s', 'userref-login'),
            $title,
            $reason,
        )));
    }

    /**
     * From the sealed record, which opens while nobody is there, or live from the visitor whose order it is.
     *
     * @throws UserrefThrowable
     */
    private function withAddress(\WC_Order $order, callable $use): void
    {
        if ($this->records->has($order, Record::Contact)) {
            $this->records->open($order, Record::Contact, self::ACTOR, $use);

            return;
        }
        $isTheirs = (int) $order->get_customer_id('edit') === get_current_user_id();
        $use($isTheirs
            ? $this->services->site()->attributes([Delivery::EMAIL], $this->options->purpose())
            : throw new ConsentRequired([Delivery::EMAIL], $this->options->purpose()));
    }

    /** @return list<string> */
    private static function listOf(mixed $to): array
    {
        return array_map('trim', is_array($to) ? $to : explode(',', (string) $to));
    }

    /** PHPMailer is one object for all mails of a request, and remembers the last one. */
    private function end(): void
    {
        if ($this->receiver === null) {
            return;
        }
        [$this->receiver, $this->placeholder] = [null, ''];
        $mailer = $GLOBALS['phpmailer'] ?? null;
        if (is_object($mailer) && method_exists($mailer, 'clearAllRecipients')) {
            $mailer->clearAllRecipients();
        }
    }
}
