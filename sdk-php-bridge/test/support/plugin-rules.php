<?php

// Reads files as JSON (`{"path": "code"}`) and prints what breaks a rule of the plug-in, as `["path:line: rule", …]`.
// By PHP's own tokens. A line with `phpcs:ignore` was looked at by a person and says so.

declare(strict_types=1);

const DOMAIN = 'userref-login';
/** WordPress's functions for translation, and how many arguments come before the domain. */
const TRANSLATIONS = [
    '__' => 1, '_e' => 1, 'esc_html__' => 1, 'esc_html_e' => 1, 'esc_attr__' => 1, 'esc_attr_e' => 1,
    '_x' => 2, 'esc_html_x' => 2, 'esc_attr_x' => 2, '_n' => 3, '_n_noop' => 2, '_nx' => 4,
];
const ESCAPING = '/\A(?:esc_\w+|wp_kses\w*|wp_json_encode|wp_nonce_field|absint|submit_button|selected|checked|disabled)\z/';
const CLEANING = '/\A(?:wp_unslash|sanitize_\w+|absint|intval|esc_url_raw|wp_check_password|stripped)\z/';
const REMOTE = '/\A(?:wp_(?:safe_)?remote_(?:get|post|head|request)|curl_exec|fsockopen|stream_socket_client|fopen)\z/';
const FORBIDDEN = '/\A(?:eval|exec|system|passthru|shell_exec|popen|proc_open|unserialize|extract|create_function'
    . '|var_dump|var_export|print_r|error_log|phpinfo|session_start|mysqli_query|call_user_func_array)\z/';
const SQL = '/\A["\']\s*(?:select|insert|update|delete|drop|create|alter)\s/i';
const GLOBALS_OF_REQUEST = '/\A\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\z/';

final class Rules
{
    /** @var list<PhpToken> */
    private array $tokens;
    /** @var list<string> */
    private array $found = [];
    /** @var list<string> */
    private array $lines;

    public function __construct(private readonly string $path, string $code)
    {
        $all = PhpToken::tokenize($code);
        $this->tokens = array_values(array_filter($all, static fn (PhpToken $one): bool => !$one->isIgnorable()));
        $this->lines = explode("\n", $code);
    }

    /** @return list<string> */
    public function violations(): array
    {
        foreach ($this->tokens as $place => $token) {
            $next = $this->tokens[$place + 1] ?? null;
            $before = $this->tokens[$place - 1] ?? null;
            $isCall = $next?->text === '(' && !$before?->is([T_FUNCTION, T_OBJECT_OPERATOR, T_DOUBLE_COLON, T_NEW])
                && $token->is([T_STRING, T_EVAL, T_NAME_FULLY_QUALIFIED]);
            if ($isCall) {
                $this->call(ltrim($token->text, '\\'), $place);
            } elseif ($token->is(T_ECHO) || $token->is(T_PRINT) || $token->is(T_OPEN_TAG_WITH_ECHO)) {
                $this->output($place + 1, $token);
            } elseif ($token->is(T_VARIABLE) && preg_match(GLOBALS_OF_REQUEST, $token->text) === 1) {
                $this->requestGlobal($place);
            } elseif ($token->is(T_START_HEREDOC)) {
                $this->report($token, 'no heredoc');
            } elseif ($token->is('"') || $token->is(T_CONSTANT_ENCAPSED_STRING)) {
                $this->sql($place);
            }
        }

        return $this->found;
    }

    private function call(string $name, int $place): void
    {
        $token = $this->tokens[$place];
        if (isset(TRANSLATIONS[$name])) {
            $this->translation($name, $place);
        } elseif ($name === 'printf' || $name === 'vprintf') {
            foreach (array_slice($this->arguments($place + 1), 1) as $argument) {
                $this->isSafe($argument) || $this->report($argument[0], 'output is escaped');
            }
        } elseif (preg_match(FORBIDDEN, $name) === 1) {
            $this->report($token, "no {$name}");
        } elseif (preg_match(REMOTE, $name) === 1 && !str_ends_with($this->path, 'Health/Loopback.php')) {
            $this->report($token, 'requests go out in Health/Loopback.php alone');
        } elseif ($name === 'file_get_contents' && $this->arguments($place + 1)[0][0]->text !== "'php://input'") {
            $this->report($token, 'no file_get_contents');
        }
    }

    private function translation(string $name, int $place): void
    {
        $arguments = $this->arguments($place + 1);
        $texts = array_map(static fn (array $argument): string => $argument[0]->text ?? '', $arguments);
        $others = array_filter($arguments[0], static fn (PhpToken $one): bool
            => !$one->is([T_CONSTANT_ENCAPSED_STRING, '.']));
        $isLiteral = $arguments[0] !== [] && $others === [];
        $domain = $texts[TRANSLATIONS[$name]] ?? null;
        if (!$isLiteral || $domain !== "'" . DOMAIN . "'") {
            $this->report($this->tokens[$place], 'texts are literal and of our text domain');
        }
    }

    /** Every part of what is echoed is a literal, a whole number, or has gone through a function that escapes. */
    private function output(int $place, PhpToken $token): void
    {
        $part = [];
        $depth = 0;
        for (; isset($this->tokens[$place]); $place++) {
            $one = $this->tokens[$place];
            $depth += in_array($one->text, ['(', '[', '{'], true) ? 1 : (in_array($one->text, [')', ']', '}'], true) ? -1 : 0);
            if ($depth === 0 && ($one->is(['.', ',', ';', T_CLOSE_TAG]))) {
                $this->isSafe($part) || $this->report($part[0] ?? $token, 'output is escaped');
                $part = [];
                if ($one->is([';', T_CLOSE_TAG])) {
                    return;
                }
                continue;
            }
            $part[] = $one;
        }
    }

    /** @param list<PhpToken> $part */
    private function isSafe(array $part): bool
    {
        foreach ($part as $place => $one) {
            if ($one->text === '?') {
                return $this->isChoiceSafe(array_slice($part, $place + 1));
            }
        }
        $first = $part[0] ?? null;
        $isCall = $first?->is([T_STRING, T_NAME_FULLY_QUALIFIED]) && ($part[1] ?? null)?->text === '(';

        return match (true) {
            $first === null => true,
            $first->is([T_CONSTANT_ENCAPSED_STRING, T_LNUMBER]) => count($part) === 1 || $this->arePartsSafe($part),
            $first->is(T_INT_CAST) => true,
            default => $isCall && preg_match(ESCAPING, ltrim($first->text, '\\')) === 1 && !$this->hasMore($part),
        };
    }

    /** Of `… ? a : b`, from behind the question mark. */
    private function isChoiceSafe(array $part): bool
    {
        $depth = 0;
        foreach ($part as $place => $one) {
            $depth += $one->text === '(' ? 1 : ($one->text === ')' ? -1 : 0);
            if ($depth === 0 && $one->text === ':') {
                return $this->isSafe(array_slice($part, 0, $place)) && $this->isSafe(array_slice($part, $place + 1));
            }
        }

        return false;
    }

    /** Whether something follows the call that a part begins with. */
    private function hasMore(array $part): bool
    {
        $depth = 0;
        foreach ($part as $place => $one) {
            $depth += $one->text === '(' ? 1 : ($one->text === ')' ? -1 : 0);
            if ($depth === 0 && $one->text === ')') {
                return isset($part[$place + 1]);
            }
        }

        return true;
    }

    /** A literal that is joined with others, as an argument. */
    private function arePartsSafe(array $part): bool
    {
        $pieces = [[]];
        foreach ($part as $one) {
            if ($one->text === '.') {
                $pieces[] = [];
            } else {
                $pieces[array_key_last($pieces)][] = $one;
            }
        }

        return count($pieces) > 1 && array_filter($pieces, fn (array $piece): bool => !$this->isSafe($piece)) === [];
    }

    /** What a request brings is cleaned in the function that reads it; comparing it with a literal needs no cleaning. */
    private function requestGlobal(int $place): void
    {
        $after = $this->afterSubscript($place + 1);
        $isWritten = $this->tokens[$after]->text === '=';
        $isAsked = $this->tokens[$place - 1]->text === '(' && $this->tokens[$place - 2]->is([T_ISSET, T_EMPTY]);
        $isCompared = false;
        for ($i = $after; $i < $after + 6 && isset($this->tokens[$i]); $i++) {
            $isCompared = $isCompared || $this->tokens[$i]->is([T_IS_IDENTICAL, T_IS_NOT_IDENTICAL]);
        }
        if ($isWritten || $isAsked || $isCompared) {
            return;
        }
        [$from, $to] = $this->functionAround($place);
        foreach (array_slice($this->tokens, $from, $to - $from) as $one) {
            if ($one->is(T_STRING) && preg_match(CLEANING, $one->text) === 1) {
                return;
            }
        }
        $this->report($this->tokens[$place], 'what a request brings is cleaned');
    }

    private function afterSubscript(int $place): int
    {
        while ($this->tokens[$place]->text === '[') {
            for ($depth = 0;; $place++) {
                $depth += $this->tokens[$place]->text === '[' ? 1 : ($this->tokens[$place]->text === ']' ? -1 : 0);
                if ($depth === 0) {
                    $place++;
                    break;
                }
            }
        }

        return $place;
    }

    /** @return array{int, int} the outermost function that a token stands in, or the whole file */
    private function functionAround(int $wanted): array
    {
        foreach ($this->tokens as $place => $token) {
            if (!$token->is(T_FUNCTION) || $place > $wanted) {
                continue;
            }
            $start = $place;
            while (isset($this->tokens[$start]) && !in_array($this->tokens[$start]->text, ['{', ';'], true)) {
                $start++;
            }
            $depth = 0;
            for ($end = $start; isset($this->tokens[$end]); $end++) {
                $opens = $this->tokens[$end]->text === '{' || $this->tokens[$end]->is([T_CURLY_OPEN, T_DOLLAR_OPEN_CURLY_BRACES]);
                $depth += $opens ? 1 : ($this->tokens[$end]->text === '}' ? -1 : 0);
                if ($depth === 0) {
                    break;
                }
            }
            if ($wanted > $start && $wanted < $end) {
                return [$start, $end];
            }
        }

        return [0, count($this->tokens)];
    }

    /** Values travel by `prepare`; what stands in the SQL itself is the name of a table or column. */
    private function sql(int $place): void
    {
        $token = $this->tokens[$place];
        $following = $token->is('"') ? '"' . ($this->tokens[$place + 1]->text ?? '') : $token->text;
        if (preg_match(SQL, $following) !== 1) {
            return;
        }
        $isJoined = $token->is(T_CONSTANT_ENCAPSED_STRING) && ($this->tokens[$place + 1] ?? null)?->text === '.';
        $variables = [];
        for ($i = $place + 1; $token->is('"') && !$this->tokens[$i]->is('"'); $i++) {
            if ($this->tokens[$i]->is(T_VARIABLE)) {
                $variables[] = $this->tokens[$i]->text;
            }
        }
        $allowed = ['$wpdb', '$this', '$table', '$column'];
        if (array_diff($variables, $allowed) !== [] || ($isJoined && !str_contains($following, 'drop table'))) {
            $this->report($token, 'values travel by prepare');
        }
    }

    /** @return list<list<PhpToken>> of the call whose parenthesis is at a place */
    private function arguments(int $place): array
    {
        $arguments = [[]];
        for ($depth = 0; isset($this->tokens[$place]); $place++) {
            $text = $this->tokens[$place]->text;
            $depth += in_array($text, ['(', '[', '{'], true) ? 1 : (in_array($text, [')', ']', '}'], true) ? -1 : 0);
            if ($depth === 0) {
                break;
            }
            if ($depth === 1 && $text === ',') {
                $arguments[] = [];
            } elseif ($depth > 1 || $text !== '(') {
                $arguments[array_key_last($arguments)][] = $this->tokens[$place];
            }
        }

        return array_values(array_filter($arguments)) ?: [[]];
    }

    private function report(PhpToken $token, string $rule): void
    {
        if (!str_contains($this->lines[$token->line - 1], 'phpcs:ignore')) {
            $this->found[] = "{$this->path}:{$token->line}: {$rule}";
        }
    }
}

$violations = [];
foreach (json_decode((string) stream_get_contents(STDIN), true, 4, JSON_THROW_ON_ERROR) as $path => $code) {
    array_push($violations, ...(new Rules($path, $code))->violations());
}
echo json_encode($violations, JSON_THROW_ON_ERROR);
