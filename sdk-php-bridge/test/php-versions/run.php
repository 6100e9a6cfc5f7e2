<?php

// Runs the client's tests and prints what failed, as JSON. Everything that PHP says is fatal.

declare(strict_types=1);

error_reporting(E_ALL);
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    if ((error_reporting() & $level) === 0) {
        return false;
    }
    throw new ErrorException($message, 0, $level, $file, $line);
});

// This PHP has no extension sodium; Node does its work. The client asks for the function alone.
if (!function_exists('sodium_crypto_sign_verify_detached')) {
    function sodium_crypto_sign_verify_detached(string $signature, string $message, string $key): bool
    {
        return askNode('verify', $signature, $message, $key) === 'yes';
    }
    function sodium_crypto_sign_keypair(): string
    {
        return base64_decode(askNode('keypair'));
    }
    function sodium_crypto_sign_publickey(string $pair): string
    {
        return substr($pair, 32);
    }
    function sodium_crypto_sign_secretkey(string $pair): string
    {
        return $pair;
    }
    function sodium_crypto_sign_detached(string $message, string $key): string
    {
        return base64_decode(askNode('sign', $message, $key));
    }
    function askNode(string ...$words): string
    {
        return (string) post_message_to_js(json_encode(array_map('base64_encode', $words), JSON_THROW_ON_ERROR));
    }
}

$count = 0;
$failures = [];
try {
    require '/client/test-case.php';
    require '/client/sdk-php-bridge/php/tests/bootstrap.php';
    $sources = new RecursiveIteratorIterator(new RecursiveDirectoryIterator('/client/sdk-php-bridge/php/src'));
    foreach ($sources as $file) {
        if ($file->getExtension() === 'php') {
            require_once $file->getPathname();
        }
    }
    foreach (glob('/client/sdk-php-bridge/php/tests/*Test.php') ?: [] as $file) {
        array_push($failures, ...('Userref\\Tests\\' . basename($file, '.php'))::runAll());
    }
    $laravel = require '/client/load-laravel.php';
} catch (Throwable $error) {
    $failures[] = $error::class . ': ' . $error->getMessage() . ' in ' . $error->getFile() . ':' . $error->getLine();
}
echo json_encode(
    ['version' => PHP_VERSION, 'count' => $count, 'laravel' => $laravel ?? 0, 'failures' => $failures],
    JSON_THROW_ON_ERROR,
);
