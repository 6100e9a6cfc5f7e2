<?php

declare(strict_types=1);

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;
use Userref\Laravel\DatabaseRevocationStore;

return new class extends Migration {
    public function up(): void
    {
        Schema::create(DatabaseRevocationStore::TABLE, static function (Blueprint $table): void {
            $entry = $table->string('entry', 140)->primary();
            // Ids are compared byte by byte; the other databases do so by themselves.
            if (in_array(DB::connection()->getDriverName(), ['mysql', 'mariadb'], true)) {
                $entry->charset('ascii')->collation('ascii_bin');
            }
            $table->bigInteger('revoked_at');
            $table->bigInteger('keep_until')->index();
        });
    }

    public function down(): void
    {
        Schema::dropIfExists(DatabaseRevocationStore::TABLE);
    }
};
