<?php

declare(strict_types=1);

class WC_Data_Exception extends Exception
{
}
