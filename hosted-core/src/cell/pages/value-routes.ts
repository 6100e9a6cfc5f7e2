import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import type { AttributeEntry } from '../../wall/catalogue.ts';
import { lastChanges } from '../own-data/attribute-changes-repository.ts';
import { changeValue } from '../own-data/change-value.ts';
import type { OpenedAttribute } from '../vault/stored-attributes.ts';
import {
  type FormRequest,
  ownForm,
  PAGE,
  type SignedIn,
  signedInPerson,
  signInFirst,
} from './account-visitor.ts';
import { attributeLabel } from './masking.ts';
import type { PageDependencies } from './page-dependencies.ts';
import { readValue, valueFields } from './value-form.ts';

/** `GET /account/values/:attribute` shows one value in a form, `POST` takes the person's own version of it. */
export async function valueRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get('/account/values/:attribute', PAGE, async (request, reply) => {
    const person = await signedInPerson(deps, request);
    if (!person) return signInFirst(deps, { request, reply }, { nextStep: '/account' });
    const visit = await openVisit(deps, person, request);
    return showForm(deps, visit, { request, reply });
  });

  app.post('/account/values/:attribute', PAGE, async (request: FormRequest, reply) => {
    const person = await ownForm(deps, request);
    const visit = await openVisit(deps, person, request);
    const { definition, own } = visit;
    const value = readValue(definition, request.body ?? {});
    const change = { ...person, attribute: definition.name, value, own, requestId: request.id };
    try {
      await changeValue(deps, change);
    } catch (error) {
      if (!(error instanceof UserrefError) || error.code !== 'invalid_request') throw error;
      return showForm(deps, { ...visit, refused: value }, { request, reply });
    }
    return reply.redirect('/account?done=value', 303);
  });
}

interface ValueVisit {
  readonly person: SignedIn;
  readonly definition: AttributeEntry;
  readonly own: readonly OpenedAttribute[];
  /** What the person gave, when it was not taken. */
  readonly refused?: unknown;
}

/** @throws UserrefError `not_found` for attributes that nobody defined, or that are never stored */
async function openVisit(
  deps: PageDependencies,
  person: SignedIn,
  request: FastifyRequest,
): Promise<ValueVisit> {
  const { attribute } = request.params as { attribute: string };
  const definition = deps.catalogue.find(attribute);
  if (!definition || definition.derived) throw new UserrefError('not_found');
  return { person, definition, own: await deps.ownAttributes.read({ ...person, requestId: request.id }) };
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function showForm(deps: PageDependencies, visit: ValueVisit, { request, reply }: Exchange) {
  const { person, definition, own } = visit;
  const isRefused = 'refused' in visit;
  const t = deps.pages.translator(request, reply);
  const { name } = definition;
  const kept = own.find((one) => one.attribute === name);
  const changes = await deps.database.inTenant(deps.tenantId, (tx) => lastChanges(tx, person));
  const changedAt = changes.get(name);
  const label = attributeLabel(name, t.locale, deps.catalogue);
  const path = `/account/values/${encodeURIComponent(name)}`;
  const source = kept ? (kept.source === 'person' ? 'person' : 'upstream') : 'none';
  return deps.pages.send(reply, {
    ...{ t, template: 'value', narrow: true, section: 'data', path },
    title: t.text('value.title', { attribute: label }),
    ...(isRefused && { status: 400 }),
    data: {
      csrf: deps.csrf.tokenFor(person.sessionToken),
      action: path,
      label,
      isRefused,
      source: t.text(`value.source.${source}`),
      changedAt: kept && changedAt ? t.date(changedAt) : undefined,
      hint: name === 'contact:phone' ? t.text('value.hint.phone') : undefined,
      fields: valueFields(definition, isRefused ? visit.refused : kept?.value, label, t),
    },
  });
}
