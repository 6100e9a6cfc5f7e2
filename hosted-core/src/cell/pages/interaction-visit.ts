import type { OwnInteraction } from '../interactions/finish-interaction.ts';
import type { OpenInteraction } from '../interactions/interactions-repository.ts';
import type { PageDependencies } from './page-dependencies.ts';

/** An interaction that this browser has open, with its session. */
export interface Visit extends OpenInteraction, OwnInteraction {
  readonly sessionToken: string | undefined;
}

export function pathOf({ interactionId }: Visit): string {
  return `/interaction/${encodeURIComponent(interactionId)}`;
}

/** Origins that the forms of an interaction lead on to. */
export function targets(deps: PageDependencies, visit: Visit): string[] {
  return [...visit.request.formTargets, visit.request.returnTo, deps.upstream.client.formTarget];
}
