import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { setBaselineHeaders } from '../../http/security-headers.ts';
import { mailJson } from './mail-json.ts';
import type { Mailbox } from './mailbox.ts';
import type { ReceivedMail } from './received-mail.ts';

const PAGES = new URL('pages/', import.meta.url);
const STYLE = readFileSync(new URL('mail.css', PAGES), 'utf8');
const eta = new Eta({ views: fileURLToPath(PAGES), cache: true });

/** The name a browser or test was told. Another one leads here only when a website points its own at this machine. */
const OWN_HOSTS = new Set(['localhost', '127.0.0.1']);
/** What is shown of one text; the source has all of it. */
const MOST_SHOWN = 200_000;

const PAGE_POLICY = policy("style-src 'self'", "frame-src 'self'", "frame-ancestors 'none'");
/**
 * The mail's own document: no script, no form, nothing loaded from anywhere, an origin of its own. Only what
 * stands in the mail itself shows.
 */
const HTML_POLICY = policy('sandbox', "style-src 'unsafe-inline'", 'img-src data:', "frame-ancestors 'self'");
const RAW_POLICY = policy('sandbox', "frame-ancestors 'none'");

function policy(...allowed: readonly string[]): string {
  return ["default-src 'none'", ...allowed, "base-uri 'none'", "form-action 'none'"].join('; ');
}

/** The pages for people and the JSON for programs. Loopback by where it listens, and by the name it answers to. */
export function createMailServer(options: { mailbox: Mailbox; smtpUrl: string }): FastifyInstance {
  const { mailbox, smtpUrl } = options;
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 1024 });
  app.addHook('onRequest', async (request, reply) => {
    setHeaders(reply);
    if (!OWN_HOSTS.has(request.hostname)) {
      return reply.code(421).type('text/plain').send('This is the mail sink of another name.\n');
    }
  });
  app.get('/', async (_request, reply) => {
    const mails = mailbox.all().toReversed();
    return sendPage(reply, 'list', { mails, smtpUrl });
  });
  app.get('/mail.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
  app.get('/messages', async () => ({ messages: mailbox.all().map(mailJson) }));
  app.delete('/messages', async (_request, reply) => {
    mailbox.clear();
    return reply.code(204).send();
  });
  mailRoutes(app, mailbox);
  return app;
}

interface OneMail {
  Params: { id: string };
}

function mailRoutes(app: FastifyInstance, mailbox: Mailbox): void {
  const find = ({ id }: OneMail['Params']): ReceivedMail => {
    const mail = /^[1-9]\d{0,9}$/.test(id) ? mailbox.find(Number(id)) : undefined;
    if (!mail) throw Object.assign(new Error('There is no such mail, or no more.'), { statusCode: 404 });
    return mail;
  };
  app.get<OneMail>('/messages/:id', async ({ params }) => mailJson(find(params)));
  app.get<OneMail>('/mails/:id', async ({ params }, reply) => {
    const mail = find(params);
    return sendPage(reply, 'mail', { mail, shown: shortened(mail.content.text) });
  });
  app.get<OneMail>('/mails/:id/html', async ({ params }, reply) => {
    const { html = '' } = find(params).content;
    reply.header('content-security-policy', HTML_POLICY).header('x-frame-options', 'SAMEORIGIN');
    return reply.type('text/html; charset=utf-8').send(withoutConnections(html));
  });
  app.get<OneMail>('/mails/:id/source', async ({ params }, reply) => {
    const { source } = find(params);
    reply.header('content-security-policy', RAW_POLICY);
    return reply.type('text/plain; charset=utf-8').send(source);
  });
}

/** No policy covers that `<link rel="preconnect">` and a frame that is refused open a connection (tried in Chromium). */
function withoutConnections(html: string): string {
  return html.replaceAll(/<(link|i?frame)/gi, '<no-$1');
}

function setHeaders(reply: FastifyReply): void {
  setBaselineHeaders(reply);
  reply.header('content-security-policy', PAGE_POLICY);
  // Looking up a name in a mail's HTML would tell its sender that somebody reads it; the policy does not cover that.
  reply.header('x-dns-prefetch-control', 'off');
}

function sendPage(reply: FastifyReply, page: string, data: Record<string, unknown>): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(eta.render(page, data));
}

function shortened(text: string | undefined): { text: string; isCut: boolean } | undefined {
  if (text === undefined) return undefined;
  return { text: text.slice(0, MOST_SHOWN), isCut: text.length > MOST_SHOWN };
}
