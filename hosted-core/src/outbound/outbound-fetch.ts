/**
 * The only way out of the house: every request that this process opens goes through a function made here.
 * Nothing else may import undici or open sockets to other machines, the database apart.
 */
import { Agent, type RequestInit as UndiciRequestInit, fetch as undiciFetch } from 'undici';
import type { OutboundPolicy } from './address-policy.ts';
import {
  guardedConnector,
  type ResolveName,
  resolveAllowed,
  resolveWithSystem,
} from './guarded-connector.ts';
import { limitResponse } from './limited-response.ts';
import { findOutboundError, OutboundError } from './outbound-error.ts';
import { checkOutboundUrl } from './url-policy.ts';

export type { OutboundPolicy } from './address-policy.ts';
export type { ResolveName } from './guarded-connector.ts';
export { findOutboundError, OutboundError, type OutboundReason } from './outbound-error.ts';

export interface OutboundFetchOptions {
  /** Where requests may go. */
  readonly policy: OutboundPolicy;
  /** Milliseconds from the call to the last byte of the body, resolving and connecting included. */
  readonly timeoutMs: number;
  /** Largest body in bytes, counted after decompression. */
  readonly maxBytes: number;
  /** Default: the system's resolver. Its answers are checked all the same. */
  readonly resolveName?: ResolveName;
}

/** The options of `fetch`, where `undefined` is as good as missing. */
export type OutboundInit = { [Name in keyof RequestInit]?: RequestInit[Name] | undefined };

/** Like `fetch`, but never follows a redirect (a 3xx is returned as it is) and ignores `dispatcher`. */
export type OutboundFetch = (input: string | URL | Request, init?: OutboundInit) => Promise<Response>;

/**
 * Makes a fetch function with connections of its own. Addresses are decided on before a socket is
 * opened and pinned; proxies of the environment are not used.
 * @throws OutboundError (from the function, and from reading the body) with a `reason`; when the caller's
 *   own `signal` aborts, its reason
 */
export function createOutboundFetch(options: OutboundFetchOptions): OutboundFetch {
  const { policy, timeoutMs, maxBytes, resolveName = resolveWithSystem } = options;
  const connect = guardedConnector({ policy, timeoutMs, resolveName });
  const dispatcher = new Agent({ connect, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });

  return async (input, init = {}) => {
    const url = checkOutboundUrl(input instanceof Request ? input.url : input, policy);
    const own = input instanceof Request ? partsOf(input) : undefined;
    const deadline = startDeadline(timeoutMs);
    const abort = init.signal ?? own?.signal;
    const signal = abort ? AbortSignal.any([abort, deadline.signal]) : deadline.signal;
    const translate = (error: unknown) => translateError(error, signal);
    try {
      const response = await undiciFetch(url, {
        ...(own as UndiciRequestInit),
        ...(init as unknown as UndiciRequestInit),
        redirect: 'manual',
        signal,
        dispatcher,
      });
      return limitResponse(response, { maxBytes, translate, onEnd: deadline.stop });
    } catch (error) {
      deadline.stop();
      throw translate(error);
    }
  };
}

/**
 * Checks an address that somebody wants to register, with its name resolved, without connecting. The
 * same check runs again before every connection.
 * @throws OutboundError
 */
export async function checkOutboundTarget(
  input: string | URL,
  options: { policy: OutboundPolicy; resolveName?: ResolveName },
): Promise<URL> {
  const { policy, resolveName = resolveWithSystem } = options;
  const url = checkOutboundUrl(input, policy);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  await resolveAllowed(hostname, { policy, protocol: url.protocol, resolveName });
  return url;
}

/** A `Request` of the platform is foreign to undici's fetch, so it is taken apart. */
function partsOf({ method, headers, body, signal }: Request) {
  return { method, headers: [...headers], signal, ...(body && { body, duplex: 'half' }) };
}

function startDeadline(timeoutMs: number): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new OutboundError('timeout')), timeoutMs);
  timer.unref();
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

/** One error class for callers; only an abort by the caller stays what the caller made it. */
function translateError(error: unknown, signal: AbortSignal): Error {
  const ours = findOutboundError(error) ?? findOutboundError(signal.reason);
  if (ours !== undefined) return ours;
  if (signal.aborted && signal.reason instanceof Error) return signal.reason;
  return new OutboundError('connect_failed', { cause: error });
}
