import type { FastifyReply, FastifyRequest } from 'fastify';
import { newToken, tokenHash } from '../people/opaque-token.ts';
import { SESSION_SECONDS } from '../people/sign-in-person.ts';
import { supported } from './messages/translator.ts';

const YEAR_SECONDS = 365 * 86_400;
/** Long enough for the days of grace, the sites' answers, and the last backup. */
const DELETION_SECONDS = 120 * 86_400;
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;

/**
 * The cookies of the cell's pages: which browser this is, who is signed in, which language they chose.
 * Cookies ignore ports, so on http (development only) the names keep clear of other services of the machine.
 */
export class PageCookies {
  readonly #secure: boolean;
  readonly #prefix: string;

  /** @param cellUrl public address of the cell; over https the cookies get `__Host-` and `Secure` */
  constructor(cellUrl: string) {
    this.#secure = cellUrl.startsWith('https:');
    this.#prefix = this.#secure ? '__Host-userref_' : 'userref_';
  }

  /** SHA-256 of the token that tells this browser from others; the browser gets one when it has none. */
  browser(request: FastifyRequest, reply: FastifyReply): Buffer {
    const known = this.#read(request, 'browser', TOKEN_PATTERN);
    if (known) return tokenHash(known);
    const token = newToken();
    this.#set(reply, 'browser', token);
    return tokenHash(token);
  }

  /** The token of the account session, as the browser sent it. */
  account(request: FastifyRequest): string | undefined {
    return this.#read(request, 'account', TOKEN_PATTERN);
  }

  setAccount(reply: FastifyReply, token: string): void {
    this.#set(reply, 'account', token, SESSION_SECONDS);
  }

  clearAccount(reply: FastifyReply): void {
    this.#set(reply, 'account', '', 0);
  }

  /** The deletion that was asked for in this browser; whoever holds its id may see what became of it. */
  deletion(request: FastifyRequest): string | undefined {
    return this.#read(request, 'deletion', /^[A-Za-z0-9_-]{8,64}$/);
  }

  setDeletion(reply: FastifyReply, requestId: string): void {
    this.#set(reply, 'deletion', requestId, DELETION_SECONDS);
  }

  language(request: FastifyRequest): string | undefined {
    return this.#read(request, 'language', /^[a-z]{2,3}$/);
  }

  setLanguage(reply: FastifyReply, tag: string): void {
    const locale = supported(tag);
    if (locale) this.#set(reply, 'language', locale, YEAR_SECONDS);
  }

  #read(request: FastifyRequest, name: string, pattern: RegExp): string | undefined {
    const value = request.cookies?.[`${this.#prefix}${name}`];
    return value !== undefined && pattern.test(value) ? value : undefined;
  }

  #set(reply: FastifyReply, name: string, value: string, maxAge?: number): void {
    reply.setCookie(`${this.#prefix}${name}`, value, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: this.#secure,
      ...(maxAge !== undefined && { maxAge }),
    });
  }
}
