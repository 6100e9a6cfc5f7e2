import type { LogtoApplication, LogtoManagement, NewApplication } from '../management/logto-management.ts';
import { WANTED_EVENTS } from '../webhooks/logto-event.ts';

export interface LogtoSetUp {
  /** Public address of the cell, without a slash at the end. Everything is named after it. */
  readonly cellUrl: string;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  readonly backchannelLogoutUri: string;
  readonly webhookUrl: string;
  /** Whether these may use the Management API already. */
  readonly mayManage: (credentials: Credentials) => Promise<boolean>;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface SetUpResult {
  readonly signIn: Credentials;
  readonly management: Credentials;
  readonly webhookKey: string;
  /** What was done, a line each; nothing when all was there. */
  readonly done: readonly string[];
}

/**
 * Registers what a cell needs in a Logto: the application that people sign in with, the one that manages accounts,
 * and the webhook. What is there and right stays as it is, so it may run again at any time. Throws ManagementError.
 */
export async function setUpLogto(management: LogtoManagement, wish: LogtoSetUp): Promise<SetUpResult> {
  const done: string[] = [];
  const applications = await management.listApplications();
  const find = (wanted: NewApplication) =>
    applications.find(({ name, type }) => name === wanted.name && type === wanted.type);

  const web = webApplication(wish);
  let signIn = find(web);
  if (!signIn) {
    signIn = await management.createApplication(web);
    done.push(`created the application «${web.name}»`);
  } else if (!isAsWished(signIn, web)) {
    await management.updateApplication(signIn.id, web);
    done.push(`corrected the application «${web.name}»`);
  }
  const machine = machineApplication(wish);
  let manager = find(machine);
  if (!manager) {
    manager = await management.createApplication(machine);
    done.push(`created the application «${machine.name}»`);
  }
  const credentials = await credentialsOf(management, manager.id);
  // Also when the run before broke off between the two.
  if (!(await wish.mayManage(credentials))) {
    await management.grantManagement(manager.id);
    done.push('gave it the role «Logto Management API access»');
  }
  return {
    signIn: await credentialsOf(management, signIn.id),
    management: credentials,
    webhookKey: await ensureHook(management, wish, done),
    done,
  };
}

async function ensureHook(management: LogtoManagement, wish: LogtoSetUp, done: string[]): Promise<string> {
  const name = hookName(wish);
  const hook = (await management.listHooks()).find((one) => one.name === name);
  const wanted = new Set<string>(WANTED_EVENTS);
  const right =
    hook?.enabled &&
    hook.config.url === wish.webhookUrl &&
    hook.events.length === wanted.size &&
    hook.events.every((event) => wanted.has(event));
  if (hook && right) return hook.signingKey;
  // The new one first: between the two no event is lost, and twice is once.
  const made = await management.createHook({ name, events: WANTED_EVENTS, url: wish.webhookUrl });
  if (hook) await management.deleteHook(hook.id);
  done.push(
    hook ? `replaced the webhook «${name}»; its key is another one` : `created the webhook «${name}»`,
  );
  return made.signingKey;
}

/** Names the hook of a cell. */
export function hookName({ cellUrl }: Pick<LogtoSetUp, 'cellUrl'>): string {
  return `Userref ${new URL(cellUrl).host}`;
}

function webApplication(wish: LogtoSetUp): NewApplication {
  return {
    name: `Userref ${new URL(wish.cellUrl).host} (sign-in)`,
    type: 'Traditional',
    description: 'People sign in to the Userref cell with it.',
    oidcClientMetadata: {
      redirectUris: [wish.redirectUri],
      postLogoutRedirectUris: [wish.postLogoutRedirectUri],
      backchannelLogoutUri: wish.backchannelLogoutUri,
      backchannelLogoutSessionRequired: true,
    },
    customClientMetadata: { refreshTokenTtlInDays: 14, rotateRefreshToken: true },
  };
}

function machineApplication(wish: LogtoSetUp): NewApplication {
  return {
    name: `Userref ${new URL(wish.cellUrl).host} (management)`,
    type: 'MachineToMachine',
    description:
      'The Userref cell follows changes of accounts with it. Its secret is full control of this Logto.',
    oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [] },
    customClientMetadata: {},
  };
}

/** What Logto adds by itself does not count. */
export function isAsWished(found: LogtoApplication, wish: NewApplication): boolean {
  const same = (left: Record<string, unknown>, right: Record<string, unknown>) =>
    Object.entries(right).every(([name, value]) => JSON.stringify(left[name]) === JSON.stringify(value));
  return (
    same({ ...found.oidcClientMetadata }, { ...wish.oidcClientMetadata }) &&
    same({ ...found.customClientMetadata }, { ...wish.customClientMetadata })
  );
}

async function credentialsOf(management: LogtoManagement, clientId: string): Promise<Credentials> {
  const newest = (await management.applicationSecrets(clientId)).at(-1);
  if (!newest)
    throw new Error(`The application ${clientId} has no secret. Delete it in Logto, then run this again.`);
  return { clientId, clientSecret: newest.value };
}
