<?php

declare(strict_types=1);

return ['sign_in' => 'Anmelden'];
