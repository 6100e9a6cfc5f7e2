import { claimScenarios } from './claims.ts';
import { formScenarios } from './form.ts';
import { headerScenarios } from './header.ts';
import { jsonScenarios } from './json.ts';
import { keyScenarios } from './keys.ts';
import type { Scenario } from './scenario.ts';
import { signatureScenarios } from './signatures.ts';
import { statusScenarios } from './status.ts';

export const allScenarios: readonly Scenario[] = [
  ...keyScenarios,
  ...signatureScenarios,
  ...formScenarios,
  ...jsonScenarios,
  ...headerScenarios,
  ...claimScenarios,
  ...statusScenarios,
];
