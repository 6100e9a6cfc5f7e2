import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';
import { artifactsParticipant } from '../oidc/artifacts-participant-repository.ts';
import { statusParticipant } from '../status-list/status-participant-repository.ts';
import { subjectsParticipant } from '../subjects/subjects-participant-repository.ts';
import { webhooksParticipant } from '../webhooks/webhooks-participant-repository.ts';
import type { CoreSubject } from './core-subject.ts';

/** Every module of the core that keeps something about people, in the order in which it may be deleted. */
export const CORE_PARTICIPANTS: readonly ErasureParticipant<CoreSubject>[] = [
  webhooksParticipant,
  artifactsParticipant,
  statusParticipant,
  subjectsParticipant,
];
