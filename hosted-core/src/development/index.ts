/**
 * The development environment for programs that start it for somebody: `userref dev`, the demo, tests. It is
 * the real core with an embedded database, made-up people and nothing of production's safeguards around it.
 */
export type { SamplePerson } from '../development-sign-in/development-sign-in.ts';
export {
  type DevelopmentEnvironment,
  type DevelopmentOptions,
  startDevelopmentEnvironment,
} from './development-environment.ts';
export {
  type DevelopmentSite,
  type DevelopmentSiteWish,
  ensureDevelopmentSites,
} from './development-sites.ts';
export { type MailSink, type MailSinkOptions, startMailSink } from './mail-sink/mail-sink.ts';
export type { MailAttachment, MailContent, ReceivedMail } from './mail-sink/received-mail.ts';
