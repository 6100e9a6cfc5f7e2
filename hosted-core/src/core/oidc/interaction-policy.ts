import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { RegionCell } from '../../wall/region-cell.ts';
import type { SiteDirectory } from '../sites/site-directory.ts';
import { type AttributeRequest, readAttributeRequest } from './attribute-request.ts';

const { Prompt, Check, base } = interactionPolicy;

/** What the person still has to decide in this request; set by the check, read when the interaction starts. */
export const openDecision = new WeakMap<object, AttributeRequest>();

interface PolicyDependencies {
  readonly tenantId: string;
  readonly cell: RegionCell;
  readonly sites: SiteDirectory;
}

/** When a person must be sent to the cell: to sign in, or to decide on attributes. */
export function createInteractionPolicy(dependencies: PolicyDependencies) {
  const login = base().get('login');
  if (!login) throw new Error('the engine lost its login prompt');
  login.checks.add(
    new Check('person_gone', 'the person of this session has no access any more', 'login_required', (ctx) =>
      Boolean(ctx.oidc.session?.accountId && !ctx.oidc.account),
    ),
  );
  // Shown only when a site asks for it: who is known in this browser goes on with no page at all.
  const selectAccount = new Prompt({ name: 'select_account', requestable: true });
  return [selectAccount, login, consentPrompt(dependencies)];
}

function consentPrompt(dependencies: PolicyDependencies) {
  const prompt = new Prompt(
    { name: 'consent', requestable: true },
    new Check(
      'attributes_undecided',
      'the person has not decided on the attributes yet',
      'consent_required',
      async (ctx) => {
        const ask = await undecided(ctx, dependencies);
        if (!ask) return Check.NO_NEED_TO_PROMPT;
        openDecision.set(ctx.oidc, ask);
        return Check.REQUEST_PROMPT;
      },
    ),
  );
  // A request with prompt=consent that asks for no attribute leaves nothing to decide.
  prompt.checks.remove('consent_prompt');
  return prompt;
}

async function undecided(ctx: KoaContextWithOIDC, dependencies: PolicyDependencies) {
  const request = await readAttributeRequest(ctx, dependencies.sites);
  const decided = ctx.oidc.result && 'consent' in ctx.oidc.result;
  const subjectId = ctx.oidc.session?.accountId;
  const siteId = ctx.oidc.client?.clientId;
  if (!request || decided || !subjectId || !siteId) return undefined;
  const query = { tenantId: dependencies.tenantId, subjectId, siteId };
  // With prompt=consent the person started it, so a denial of some days ago is no obstacle.
  const startedByPerson = ctx.oidc.prompts.has('consent');
  const attributes = await dependencies.cell.undecidedAttributes({
    ...query,
    purpose: request.purpose,
    attributes: request.attributes,
    ...(startedByPerson && { askDeniedAgain: true }),
  });
  return attributes.length > 0 ? { ...request, attributes } : undefined;
}
