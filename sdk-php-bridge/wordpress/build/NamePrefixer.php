<?php

declare(strict_types=1);

namespace UserrefLogin\Build;

/**
 * Moves the client from the namespace `Userref` to one of the plug-in's own, so that it gets along with any other
 * plug-in that brings a client of another version (decision 0048). Works on PHP's own tokens: a name in a sentence, a
 * variable or an option that is called `userref` stays as it is.
 */
final class NamePrefixer
{
    /** `Userref\Config`, `\Userref\Config`, and both with the backslashes of a quoted text. */
    private const NAME = '/(?<![\w\\\\])(\\\\{0,2})Userref(\\\\{1,2})(?=[A-Za-z_]|\z|[\'"])/';

    public function __construct(private readonly string $prefix = 'UserrefLogin\\Client')
    {
    }

    /** @throws \UnexpectedValueException for a name that cannot be told from another */
    public function prefix(string $code): string
    {
        $tokens = \PhpToken::tokenize($code, TOKEN_PARSE);
        $isInNamespace = array_filter($tokens, static fn (\PhpToken $token): bool => $token->is(T_NAMESPACE)) !== [];
        $statement = null;
        $result = '';
        foreach ($tokens as $place => $token) {
            if ($token->is([T_NAMESPACE, T_USE])) {
                $statement = $token->id;
            } elseif ($token->is([';', '{', '('])) {
                $statement = null;
            }
            $isWhole = $token->is(T_STRING) && $token->text === 'Userref'
                && ($statement === T_NAMESPACE || ($tokens[$place + 1] ?? null)?->is(T_NS_SEPARATOR));
            $result .= $isWhole ? $this->prefix : $this->tokenText($token, $statement !== null || !$isInNamespace);
        }

        return $result;
    }

    /**
     * What still names the client's old namespace.
     *
     * @return list<string>
     */
    public function leftovers(string $code): array
    {
        $found = [];
        foreach (\PhpToken::tokenize($code) as $token) {
            if ($token->is([T_WHITESPACE, T_INLINE_HTML])) {
                continue;
            }
            if (preg_match(self::NAME, $token->text) === 1) {
                $found[] = "line {$token->line}: {$token->text}";
            }
        }

        return $found;
    }

    /** @param bool $isGlobal whether a name without a backslash in front begins at the top */
    private function tokenText(\PhpToken $token, bool $isGlobal): string
    {
        $isName = $token->is([T_NAME_QUALIFIED, T_NAME_FULLY_QUALIFIED]) && preg_match(self::NAME, $token->text) === 1;
        if ($isName && $token->is(T_NAME_QUALIFIED) && !$isGlobal) {
            throw new \UnexpectedValueException("line {$token->line}: {$token->text} is below this namespace.");
        }
        $isText = $token->is([T_DOC_COMMENT, T_COMMENT, T_CONSTANT_ENCAPSED_STRING, T_ENCAPSED_AND_WHITESPACE]);

        return $isName || $isText ? $this->inText($token->text) : $token->text;
    }

    private function inText(string $text): string
    {
        return (string) preg_replace_callback(self::NAME, function (array $found): string {
            [, $lead, $separator] = $found;

            return $lead . str_replace('\\', $separator, $this->prefix) . $separator;
        }, $text);
    }
}
