<?php

declare(strict_types=1);

// The rest comes from the environment: USERREF_BRIDGE, USERREF_BRIDGE_SECRET, USERREF_ISSUER, USERREF_SITE, …
return ['revocations' => 'database'];
