import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import { deleteLater, deleteNow, keepAccount } from '../own-data/delete-account.ts';
import { findDeletion } from '../own-data/deletion-requests-repository.ts';
import { exportPerson } from '../own-data/export-person.ts';
import {
  type FormRequest,
  ownForm,
  PAGE,
  recentForm,
  recentPerson,
  type SignedIn,
} from './account-visitor.ts';
import { deletedPage } from './deleted-page.ts';
import { exportArchive } from './export-archive.ts';
import type { PageDependencies } from './page-dependencies.ts';

const EXPORT_PATH = '/account/export';
const DELETE_PATH = '/account/delete';
const DAY_MS = 86_400_000;

/**
 * `GET /account/export` offers a copy of everything and the deletion of the account, `POST` gives the copy;
 * `GET /account/delete` says what deletion means, `POST` asks for it, `POST /account/keep` takes that back, and
 * `GET /account/deleted` shows what became of it. All of it asks for credentials that are not old, but keeping.
 */
export async function ownDataRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get(EXPORT_PATH, PAGE, async (request, reply) => {
    const person = await recentPerson(deps, { request, reply }, EXPORT_PATH);
    return person ? showOwnData(deps, person, { request, reply }) : reply;
  });

  app.post(EXPORT_PATH, PAGE, async (request: FormRequest, reply) => {
    const person = await recentForm(deps, { request, reply }, EXPORT_PATH);
    if (!person) return reply;
    const exported = await exportPerson(deps, { ...person, requestId: request.id });
    const archive = await exportArchive(deps, exported, deps.pages.translator(request, reply));
    const day = exported.data.made_at.toISOString().slice(0, 10);
    return reply
      .header('content-disposition', `attachment; filename="my-data-${day}.zip"`)
      .type('application/zip')
      .send(archive);
  });

  app.get(DELETE_PATH, PAGE, async (request, reply) => {
    const person = await recentPerson(deps, { request, reply }, DELETE_PATH);
    return person ? showDelete(deps, person, { request, reply }) : reply;
  });

  app.post(DELETE_PATH, PAGE, async (request: FormRequest, reply) => {
    const person = await recentForm(deps, { request, reply }, DELETE_PATH);
    if (!person) return reply;
    const t = deps.pages.translator(request, reply);
    if (!isWord(request.body?.word, t.text('delete.word'), t.locale))
      return showDelete(deps, person, { request, reply }, { mistyped: true });
    const days = deps.deletion.graceDays;
    if (days > 0 && request.body?.when !== 'now') {
      const { requestId } = await deleteLater(deps, { ...person, days, requestId: request.id });
      deps.cookies.setDeletion(reply, requestId);
      return reply.redirect('/account', 303);
    }
    const { requestId } = await deleteNow(deps.deletion, person);
    deps.cookies.setDeletion(reply, requestId);
    deps.cookies.clearAccount(reply);
    return reply.redirect('/account/deleted', 303);
  });

  app.post('/account/keep', PAGE, async (request: FormRequest, reply) => {
    const person = await ownForm(deps, request);
    const kept = await keepAccount(deps, { ...person, requestId: request.id });
    return reply.redirect(kept ? '/account?done=kept' : '/account', 303);
  });

  app.get('/account/deleted', PAGE, async (request, reply) => {
    const requestId = deps.cookies.deletion(request);
    if (!requestId) throw new UserrefError('not_found');
    const receipt = await deps.deletion.receipt({ tenantId: deps.tenantId, requestId });
    const t = deps.pages.translator(request, reply);
    return deps.pages.send(reply, {
      ...{ t, template: 'deleted', narrow: true, path: '/account/deleted', title: t.text('deleted.title') },
      data: deletedPage(receipt, deps.deletion, t),
    });
  });
}

/** Whether somebody typed the word; in capitals or not is the same. */
function isWord(given: unknown, word: string, locale: string): boolean {
  if (typeof given !== 'string') return false;
  return new Intl.Collator(locale, { sensitivity: 'accent' }).compare(given.trim(), word) === 0;
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function pendingDeletion({ database, tenantId }: PageDependencies, person: SignedIn) {
  return database.inTenant(tenantId, (tx) => findDeletion(tx, person));
}

async function showOwnData(deps: PageDependencies, person: SignedIn, { request, reply }: Exchange) {
  const t = deps.pages.translator(request, reply);
  const pending = await pendingDeletion(deps, person);
  return deps.pages.send(reply, {
    ...{
      t,
      template: 'own-data',
      narrow: true,
      section: 'own',
      path: EXPORT_PATH,
      title: t.text('own.title'),
    },
    formTargets: [deps.upstream.client.formTarget],
    data: {
      csrf: deps.csrf.tokenFor(person.sessionToken),
      pending: pending && t.date(pending.dueAt),
      exportAction: EXPORT_PATH,
      deletePath: DELETE_PATH,
    },
  });
}

async function showDelete(
  deps: PageDependencies,
  person: SignedIn,
  { request, reply }: Exchange,
  { mistyped = false }: { mistyped?: boolean } = {},
) {
  const { graceDays: count, backupDays, deletesUpstream } = deps.deletion;
  const t = deps.pages.translator(request, reply);
  const inDays = (days: number) => t.date(new Date(deps.now().getTime() + days * DAY_MS));
  return deps.pages.send(reply, {
    ...{
      t,
      template: 'delete',
      narrow: true,
      section: 'own',
      path: DELETE_PATH,
      title: t.text('delete.title'),
    },
    ...(mistyped && { status: 400 }),
    formTargets: [deps.upstream.client.formTarget],
    data: {
      csrf: deps.csrf.tokenFor(person.sessionToken),
      action: DELETE_PATH,
      back: EXPORT_PATH,
      mistyped,
      points: [
        t.text('delete.values'),
        t.text('delete.sites'),
        t.text('delete.backups', { count: backupDays }),
        t.text(deletesUpstream ? 'delete.upstream.gone' : 'delete.upstream.left'),
      ],
      later: count > 0 ? t.text('delete.later', { count, date: inDays(count) }) : undefined,
    },
  });
}
