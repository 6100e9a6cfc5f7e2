<?php

declare(strict_types=1);

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration {
    public function up(): void
    {
        Schema::create('orders', static function (Blueprint $table): void {
            $table->string('id', 20)->primary();
            $table->string('user_ref', 31)->nullable()->index();
            $table->json('items');
            $table->integer('total_cents');
            $table->text('sealed_address')->nullable();
            $table->timestamp('created_at');
        });
    }

    public function down(): void
    {
        Schema::drop('orders');
    }
};
