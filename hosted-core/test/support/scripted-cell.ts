import { randomUUID } from 'node:crypto';
import { UserrefError } from '../../src/errors/userref-error.ts';
import type {
  InteractionOutcome,
  InteractionRequest,
  OutcomeQuery,
  RegionCell,
  SiteSubject,
  UndecidedQuery,
} from '../../src/wall/region-cell.ts';
import type { ConsentCount, ConsentRevocation } from '../../src/wall/revocation.ts';

/** Decides what becomes of an interaction; stands in for the person and their region. */
export type Script = (request: InteractionRequest) => InteractionOutcome;

/**
 * A cell without people or pages, for tests of the protocol half alone: an interaction's address leads
 * straight back to the core with the outcome that the script gives.
 */
export class ScriptedCell implements RegionCell {
  readonly resource = 'http://localhost:1';
  readonly region = 'test';
  readonly requests: InteractionRequest[] = [];
  readonly consents = new Map<string, string[]>();
  readonly #outcomes = new Map<string, InteractionOutcome>();
  script: Script;

  constructor(subjectId: string = randomUUID()) {
    this.script = (request) =>
      request.kind === 'login'
        ? {
            result: 'signed_in',
            subjectId,
            region: 'test',
            assuranceLevel: 'low',
            authTime: nowSeconds(),
            amr: ['pwd'],
          }
        : this.#grantAll(request);
  }

  async startInteraction(request: InteractionRequest): Promise<{ url: string }> {
    this.requests.push(request);
    const code = randomUUID();
    this.#outcomes.set(`${request.interactionId}/${code}`, this.script(request));
    return { url: `${request.returnTo}?code=${code}` };
  }

  async readOutcome({ interactionId, code }: OutcomeQuery): Promise<InteractionOutcome> {
    const outcome = this.#outcomes.get(`${interactionId}/${code}`);
    if (!outcome) throw new UserrefError('interaction_not_found');
    this.#outcomes.delete(`${interactionId}/${code}`);
    return outcome;
  }

  async undecidedAttributes({ attributes, ...query }: UndecidedQuery): Promise<string[]> {
    const live = await this.liveConsents(query);
    return attributes.filter((name) => !live.includes(name));
  }

  async liveConsents({ siteId, subjectId }: SiteSubject): Promise<string[]> {
    return [...(this.consents.get(`${siteId}/${subjectId}`) ?? [])].sort();
  }

  /** What the core asked to end. */
  readonly revoked: ConsentRevocation[] = [];

  async revokeConsents(revocation: ConsentRevocation): Promise<ConsentCount> {
    this.revoked.push(revocation);
    return { consents: 0, people: 0 };
  }

  async countConsents(): Promise<ConsentCount> {
    return { consents: 0, people: 0 };
  }

  async erase(): Promise<never> {
    throw new UserrefError('not_found');
  }

  async erasureReceipt(): Promise<never> {
    throw new UserrefError('not_found');
  }

  #grantAll({ site, subjectId = '', ask }: InteractionRequest): InteractionOutcome {
    const granted = [...(ask?.attributes ?? [])];
    this.consents.set(`${site.siteId}/${subjectId}`, granted);
    return { result: 'consent_decided', subjectId, granted, denied: [] };
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
