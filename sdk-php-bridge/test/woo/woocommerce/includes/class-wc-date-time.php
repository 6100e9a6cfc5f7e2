<?php

declare(strict_types=1);

/** As includes/class-wc-datetime.php. */
final class WC_Date_Time extends DateTime
{
    public function date(string $format): string
    {
        return $this->format($format);
    }
}
