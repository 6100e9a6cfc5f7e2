<?php

declare(strict_types=1);

/** As includes/abstracts/abstract-wc-order.php. */
abstract class WC_Abstract_Order extends WC_Data
{
}
