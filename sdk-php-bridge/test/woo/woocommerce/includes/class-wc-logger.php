<?php

declare(strict_types=1);

/** As includes/class-wc-logger.php with src/Internal/Admin/Logging/LogHandlerFileV2.php: files in uploads/wc-logs. */
final class WC_Logger
{
    /** @param array<string, mixed> $context */
    public function log(string $level, string $message, array $context = []): void
    {
        $folder = wp_upload_dir()['basedir'] . '/wc-logs';
        wp_mkdir_p($folder);
        $source = sanitize_file_name((string) ($context['source'] ?? 'plugin-woocommerce'));
        $line = sprintf("%s %s %s CONTEXT: %s\n", gmdate('c'), $level, $message, wp_json_encode($context));
        file_put_contents("{$folder}/{$source}-" . gmdate('Y-m-d') . '.log', $line, FILE_APPEND);
    }
}
