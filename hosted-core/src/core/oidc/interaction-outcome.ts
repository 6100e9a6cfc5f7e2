import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import type { InteractionOutcome, RegionCell } from '../../wall/region-cell.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { acrOf } from './assurance.ts';
import type { OidcServer } from './oidc-server.ts';

export interface OutcomeRouteOptions {
  readonly server: OidcServer;
  readonly cell: RegionCell;
  readonly subjects: SubjectRepository;
  readonly tenantId: string;
}

interface OutcomeRequest {
  Params: { interactionId: string };
  Querystring: { code?: string };
}

/** Where the cell sends the browser back to, with a code that opens the outcome once. */
export async function outcomeRoute(app: FastifyInstance, options: OutcomeRouteOptions): Promise<void> {
  app.get<OutcomeRequest>(
    '/interaction/:interactionId/outcome',
    { config: { answers: 'page' } },
    (request, reply) => takeOutcome(options, request, reply),
  );
}

async function takeOutcome(
  { server, cell, subjects, tenantId }: OutcomeRouteOptions,
  request: FastifyRequest<OutcomeRequest>,
  reply: FastifyReply,
) {
  const { interactionId } = request.params;
  const { code } = request.query;
  if (typeof code !== 'string') throw new UserrefError('interaction_not_found');
  const returnTo = await server.inUnitOfWork(async (provider) => {
    // Found by the browser's cookie; the id in the address alone opens nothing.
    const interaction = await provider.interactionDetails(request.raw, reply.raw).catch((cause: unknown) => {
      throw new UserrefError('interaction_not_found', { cause });
    });
    if (interaction.uid !== interactionId) throw new UserrefError('interaction_not_found');
    const outcome = await cell.readOutcome({ tenantId, interactionId, code });
    if (outcome.result === 'signed_in' && !(await subjects.ensure(outcome.subjectId, outcome.region)))
      throw new UserrefError('interaction_not_found', { logDetail: 'the person was erased meanwhile' });
    const result = toResult(outcome, interaction.session?.accountId);
    return provider.interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: true });
  });
  return reply.redirect(returnTo, 303);
}

/** The outcome in the engine's words. */
function toResult(outcome: InteractionOutcome, expectedSubjectId: string | undefined) {
  if (outcome.result === 'cancelled') {
    return { error: 'access_denied', error_description: 'the person cancelled' };
  }
  if (outcome.result === 'signed_in') {
    const { subjectId, assuranceLevel, authTime, amr } = outcome;
    return {
      // Whoever signs in has thereby chosen who they are.
      select_account: {},
      login: {
        accountId: subjectId,
        acr: acrOf(assuranceLevel),
        amr: [...amr],
        ts: authTime,
        remember: true,
      },
    };
  }
  if (outcome.subjectId !== expectedSubjectId) {
    throw new UserrefError('interaction_not_found', { logDetail: 'a decision came back for another person' });
  }
  return { consent: { granted: [...outcome.granted], denied: [...outcome.denied] } };
}
