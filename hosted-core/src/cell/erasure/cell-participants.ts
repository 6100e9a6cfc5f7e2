import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';
import { consentsParticipant } from '../consent/consents-participant-repository.ts';
import { receiptsParticipant } from '../consent/receipts-participant-repository.ts';
import { interactionsParticipant } from '../interactions/interactions-participant-repository.ts';
import { peopleParticipant } from '../people/people-participant-repository.ts';
import { sealedParticipant } from '../sealed-attributes/sealed-participant-repository.ts';
import { upstreamParticipant } from '../upstream/accounts/upstream-participant-repository.ts';
import { vaultParticipant } from '../vault/vault-participant-repository.ts';

/** Every module of the cell that keeps something about people, in the order in which it may be deleted. */
export const CELL_PARTICIPANTS: readonly ErasureParticipant[] = [
  sealedParticipant,
  vaultParticipant,
  receiptsParticipant,
  consentsParticipant,
  interactionsParticipant,
  upstreamParticipant,
  peopleParticipant,
];
