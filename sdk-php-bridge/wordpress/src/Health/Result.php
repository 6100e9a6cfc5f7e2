<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

/** What a check found. Texts are plain, without HTML, secrets or anything about people. */
final class Result
{
    /** @param 'good'|'recommended'|'critical' $status */
    private function __construct(
        public readonly string $status,
        public readonly string $summary,
        public readonly string $explanation,
    ) {
    }

    public static function good(string $summary, string $explanation = ''): self
    {
        return new self('good', $summary, $explanation);
    }

    /** It works, and something is not as it should be. */
    public static function recommended(string $summary, string $explanation): self
    {
        return new self('recommended', $summary, $explanation);
    }

    /** Something that the plug-in promises does not hold. */
    public static function critical(string $summary, string $explanation): self
    {
        return new self('critical', $summary, $explanation);
    }

    /** @return array<string, mixed> as Site Health wants it */
    public function toSiteHealth(string $check): array
    {
        $explanation = $this->explanation === '' ? $this->summary : $this->explanation;

        return [
            'label' => esc_html($this->summary),
            'status' => $this->status,
            'badge' => ['label' => __('Sign-in', 'userref-login'), 'color' => 'blue'],
            'description' => '<p>' . esc_html($explanation) . '</p>',
            'actions' => '',
            'test' => "userref_{$check}",
        ];
    }
}
