<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Services;

/** The section of Tools → Site Health → Info, which people copy into requests for help. */
final class DebugInformation
{
    public function __construct(private readonly Services $services)
    {
    }

    /** @return array<string, mixed> as WordPress wants it */
    public function section(): array
    {
        $fields = [];
        foreach ((new Facts($this->services))->all() as $label => $value) {
            $fields['fact_' . count($fields)] = ['label' => $label, 'value' => $value];
        }

        return ['label' => 'Userref Login', 'fields' => $fields];
    }
}
