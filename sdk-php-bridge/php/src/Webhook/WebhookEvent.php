<?php

declare(strict_types=1);

namespace Userref\Webhook;

use Userref\Contract\ErrorCode;
use Userref\Contract\EventType;
use Userref\Exception\WebhookRejected;
use Userref\Passport\JsonFault;
use Userref\Passport\JsonObject;
use Userref\Passport\StrictJson;
use Userref\UserReference;

/** A verified event. `id` stays the same when it is delivered again. Holds no personal data. */
final class WebhookEvent
{
    private const TYPE = '/\A[a-z]+(?:[._][a-z]+){0,5}\z/D';
    private const TIMESTAMP = '/\A\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z\z/D';

    /** @param array<string, mixed> $data */
    private function __construct(
        public readonly string $id,
        /** Null for a type that this version does not know: answer 2xx and do nothing. */
        public readonly ?EventType $type,
        public readonly string $originalType,
        public readonly \DateTimeImmutable $occurredAt,
        public readonly array $data,
    ) {
    }

    /** @throws WebhookRejected `webhook_body_invalid` */
    public static function read(string $id, #[\SensitiveParameter] string $body): self
    {
        try {
            $event = StrictJson::parse($body);
        } catch (JsonFault) {
            $event = null;
        }
        if (!$event instanceof JsonObject) {
            throw self::invalid('it is no JSON object.');
        }
        $name = $event->get('type');
        if (!is_string($name) || preg_match(self::TYPE, $name) !== 1) {
            throw self::invalid('type is malformed.');
        }
        $occurredAt = self::time($event->get('timestamp'));
        $data = $event->get('data');
        if (!$data instanceof JsonObject) {
            throw self::invalid('data is no object.');
        }
        $type = EventType::tryFrom($name);

        return new self($id, $type, $name, $occurredAt, self::members($type, $data));
    }

    /** Whether what the site keeps of the person must be purged: a consent ended, or the person is erased. */
    public function asksForPurge(): bool
    {
        return match ($this->type) {
            EventType::ConsentWithdrawn, EventType::ConsentExpired, EventType::SubjectErased => true,
            default => false,
        };
    }

    public function userRef(): ?string
    {
        return $this->data['user_ref'] ?? null;
    }

    /** Of `session.revoked`. */
    public function sid(): ?string
    {
        return $this->data['sid'] ?? null;
    }

    /** @return list<string>|null of `consent.…` and `attributes.changed` */
    public function attributes(): ?array
    {
        return $this->data['attributes'] ?? null;
    }

    private static function time(mixed $text): \DateTimeImmutable
    {
        if (is_string($text) && preg_match(self::TIMESTAMP, $text) === 1) {
            try {
                $time = new \DateTimeImmutable($text);
            } catch (\Exception) {
                $time = null;
            }
            // PHP takes the 30th of February for the 2nd of March.
            if ($time !== null && $time->format('Y-m-d\TH:i:s') === substr($text, 0, 19)) {
                return $time;
            }
        }
        throw self::invalid('timestamp is not RFC 3339 in UTC.');
    }

    /** @return array<string, mixed> */
    private static function members(?EventType $type, JsonObject $data): array
    {
        $members = [];
        foreach ($type?->members() ?? [] as $name) {
            $value = $data->get($name);
            if (!self::isMember($name, $value)) {
                throw self::invalid("data.{$name} is missing or malformed.");
            }
            $members[$name] = $value;
        }

        return $members;
    }

    private static function isMember(string $name, mixed $value): bool
    {
        return match ($name) {
            'user_ref' => UserReference::isValid($value),
            'attributes' => is_array($value) && array_filter($value, 'is_string') === $value,
            default => is_string($value) && $value !== '' && strlen($value) <= 128,
        };
    }

    private static function invalid(string $why): WebhookRejected
    {
        return new WebhookRejected(ErrorCode::WebhookBodyInvalid, "The signed body is not an event: {$why}");
    }
}
