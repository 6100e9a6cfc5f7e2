<?php

// The tests add theirs.

declare(strict_types=1);
