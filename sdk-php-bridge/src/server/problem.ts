import { ConsentRequiredError, LoginFailedError, UserrefError } from '@userref/sdk-core';
import type { FastifyError } from 'fastify';
import type { SiteCookies } from '../core/site-cookies.ts';
import { statusOf } from './status.ts';

/** A problem document (RFC 9457) with what PHP needs to go on. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly fix: string;
  readonly retryable: boolean;
  readonly request_id: string;
}

/** Never a cause, a value of a person or a secret: codes and sentences of the contract. */
export function problemOf(
  error: UserrefError,
  { requestId, cookies }: { readonly requestId: string; readonly cookies: SiteCookies },
): Problem {
  return {
    type: error.helpUrl,
    title: error.title,
    status: statusOf(error.code),
    detail: error.detail,
    code: error.code,
    fix: error.fix,
    retryable: error.isTransient,
    request_id: requestId,
    ...(error.requestId !== undefined && { core_request_id: error.requestId }),
    ...(error instanceof ConsentRequiredError && { attributes: error.attributes, purpose: error.purpose }),
    ...(error instanceof LoginFailedError && {
      ...cookies.sort(error.setCookies),
      ...(error.returnTo !== undefined && { return_to: error.returnTo }),
    }),
  };
}

/** The error of the contract for one of Fastify's own, or of a defect; texts of others may hold values. */
export function contractError(error: FastifyError | Error): UserrefError {
  if (error instanceof UserrefError) return error;
  if ('validation' in error && error.validation) {
    // Below the first step may be a name that was sent.
    const places = error.validation.map(
      ({ instancePath, keyword }) => `/${instancePath.split('/')[1] ?? ''} ${keyword}`,
    );
    const detail = `The request does not fit the schema: ${[...new Set(places)].join(', ')}.`;
    return new UserrefError('invalid_request', { detail });
  }
  const { statusCode } = error as FastifyError;
  if (statusCode === 413) return new UserrefError('payload_too_large');
  if (statusCode === 415) return new UserrefError('unsupported_media_type');
  if (statusCode !== undefined && statusCode < 500) {
    return new UserrefError('invalid_request', { detail: 'The request is no well-formed JSON.' });
  }
  return new UserrefError('internal_error', { cause: error });
}
