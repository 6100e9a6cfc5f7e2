import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger };

/** Whatever an object in a log line is called, these members never reach the log. */
const REDACTED = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'secret',
  'client_secret',
  'code',
  'code_verifier',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'email',
  'phone',
  'address',
  'name',
  'value',
  'values',
  'body',
].flatMap((name) => [`["${name}"]`, `*["${name}"]`]);

export interface CreateLoggerOptions {
  /** `trace` … `silent`. Default `info`. */
  readonly level?: string;
  readonly stream?: NodeJS.WritableStream;
}

/** JSON lines on stderr, so that stdout stays free for what scripts read. */
export function createLogger({ level = 'info', stream = process.stderr }: CreateLoggerOptions = {}): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    redact: { paths: REDACTED, censor: '[redacted]' },
    serializers: { err: describeError, error: describeError },
  };
  return pino(options, stream);
}

/**
 * Errors are logged by code, message and stack. A driver's error object also carries the failed row
 * (`detail`, `where`), which may be personal data, so nothing else of it is kept.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: 'a value that is no Error was thrown' };
  const { code, logDetail } = error as { code?: unknown; logDetail?: unknown };
  return {
    type: error.name,
    errorCode: code,
    message: isDatabaseError(error) ? `database error ${String(code)}` : error.message,
    logDetail,
    stack: isDatabaseError(error) ? undefined : error.stack,
    ...(error.cause ? { cause: describeError(error.cause) } : {}),
  };
}

function isDatabaseError(error: Error): boolean {
  return 'severity' in error && 'routine' in error;
}
