/**
 * Userref hosted core, for programs that embed it: the demo, tests, benchmarks. Operators use the command
 * line `userref-core` instead. Only what is exported here stays stable between versions.
 */
export { startHouse } from './app.ts';
export {
  type DevelopmentEnvironment,
  type DevelopmentOptions,
  startDevelopmentEnvironment,
} from './development/development-environment.ts';
export { SAMPLE_PEOPLE, type SamplePerson } from './development-sign-in/development-sign-in.ts';
export { type Operator, openOperator } from './operator.ts';
