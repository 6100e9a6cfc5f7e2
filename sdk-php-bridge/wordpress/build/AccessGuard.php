<?php

declare(strict_types=1);

namespace UserrefLogin\Build;

/**
 * Keeps files of the plug-in from doing anything when somebody opens their address in a browser. Added when the plug-in
 * is built: the sources are classes, which do nothing by themselves.
 */
final class AccessGuard
{
    private const LINE = "\n\n\\defined('ABSPATH') || exit;";

    /** Behind the namespace, or where there is none, behind `declare`. */
    public function guard(string $code): string
    {
        if (preg_match('/\bABSPATH\b|\bWP_UNINSTALL_PLUGIN\b/', $code) === 1) {
            return $code;
        }
        $tokens = \PhpToken::tokenize($code);
        $wanted = array_filter($tokens, static fn (\PhpToken $token): bool => $token->is(T_NAMESPACE)) !== []
            ? T_NAMESPACE
            : T_DECLARE;
        $isBehind = false;
        foreach ($tokens as $token) {
            $isBehind = $isBehind || $token->is($wanted);
            if ($isBehind && $token->text === ';') {
                $end = $token->pos + 1;

                return substr($code, 0, $end) . self::LINE . substr($code, $end);
            }
        }
        throw new \UnexpectedValueException('has neither a namespace nor declare(strict_types=1)');
    }
}
