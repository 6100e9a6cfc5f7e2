import { claimScenarios } from './claims.ts';
import { formScenarios } from './form.ts';
import { headerScenarios } from './header.ts';
import { keyScenarios } from './keys.ts';
import type { Scenario } from './scenario.ts';
import { statusScenarios } from './status.ts';

export const allScenarios: readonly Scenario[] = [
  ...keyScenarios,
  ...formScenarios,
  ...headerScenarios,
  ...claimScenarios,
  ...statusScenarios,
];
