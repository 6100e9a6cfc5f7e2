import type { SessionStore } from '../src/session/session-store.ts';

/** How the rules get at a store. */
export interface StoreUnderTest {
  /** A store on the common ground, as each process of a site opens one. Asked for several times. */
  open(): SessionStore | Promise<SessionStore>;
}

/** A rule that every session store keeps. */
export interface StoreRule {
  readonly name: string;
  /** Rejects with a plain `Error` when the store breaks the rule. */
  check(under: StoreUnderTest): Promise<void>;
}

const HOUR = 3600;
const HOSTILE = ["' or 1=1--", '%', '_', '*', '\\', '"', 'é', 'e\u0301', '', ' ', '__proto__', 'a:b', 'a\nb'];
const seconds = () => Math.floor(Date.now() / 1000);
let count = 0;

/** Names of its own for each rule, so that rules may share a database. */
function newNames(): { sid: string; userRef: string; issuedAt: number; until: number } {
  count += 1;
  const mark = `${count}-${Math.random().toString(36).slice(2)}`;
  return { sid: `sid-${mark}`, userRef: `ref-${mark}`, issuedAt: seconds(), until: seconds() + HOUR };
}

function rule(name: string, check: StoreRule['check']): StoreRule {
  return { name, check };
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/**
 * What every `SessionStore` must do, for stores of your own: run each rule as a test. They need the real clock,
 * and leave entries that end within an hour.
 */
export const sessionStoreContract: readonly StoreRule[] = [
  rule('knows nothing of a session that nobody ended', async ({ open }) => {
    const { until: _, ...session } = newNames();
    must(!(await (await open()).isRevoked(session)), 'it is taken for ended');
  }),
  rule('ends one session and no other', async ({ open }) => {
    const store = await open();
    const { until, ...session } = newNames();
    await store.revokeSession(session.sid, until);
    must(await store.isRevoked(session), 'the session goes on');
    must(!(await store.isRevoked({ ...session, sid: `${session.sid}x` })), 'another one has ended too');
    must(!(await store.isRevoked({ ...session, sid: session.sid.toUpperCase() })), 'case is ignored');
  }),
  rule(
    'ends what was issued of a session up to a moment, and not what the next login makes of it',
    async ({ open }) => {
      const store = await open();
      const { until, ...session } = newNames();
      await store.revokeSession(session.sid, until, session.issuedAt);
      must(await store.isRevoked(session), 'a copy of that very second goes on');
      must(await store.isRevoked({ ...session, issuedAt: session.issuedAt - 9 }), 'an earlier copy goes on');
      must(!(await store.isRevoked({ ...session, issuedAt: session.issuedAt + 1 })), 'a later one has ended');
      await store.revokeSession(session.sid, until);
      await store.revokeSession(session.sid, until, session.issuedAt);
      must(
        await store.isRevoked({ ...session, issuedAt: session.issuedAt + 1 }),
        'less that came late weakened it',
      );
    },
  ),
  rule('ends all sessions of a user up to a moment, and none that began later', async ({ open }) => {
    const store = await open();
    const { until, ...session } = newNames();
    await store.revokeUser(session.userRef, session.issuedAt, until);
    must(await store.isRevoked(session), 'a session of that very second goes on');
    must(await store.isRevoked({ ...session, issuedAt: session.issuedAt - 9 }), 'an earlier session goes on');
    must(!(await store.isRevoked({ ...session, issuedAt: session.issuedAt + 1 })), 'a later one has ended');
    must(!(await store.isRevoked({ ...session, userRef: `${session.userRef}x` })), 'another user is out');
  }),
  rule('is not weakened by an older order that comes late', async ({ open }) => {
    const store = await open();
    const { until, ...session } = newNames();
    await store.revokeUser(session.userRef, session.issuedAt, until);
    await store.revokeUser(session.userRef, session.issuedAt - HOUR, until - HOUR + 60);
    must(await store.isRevoked(session), 'the session came back to life');
  }),
  rule('is strengthened by a newer order', async ({ open }) => {
    const store = await open();
    const { until, ...session } = newNames();
    await store.revokeUser(session.userRef, session.issuedAt - HOUR, until);
    must(!(await store.isRevoked(session)), 'it ended too early');
    await store.revokeUser(session.userRef, session.issuedAt, until);
    must(await store.isRevoked(session), 'the session goes on');
  }),
  rule('takes the same order again without harm', async ({ open }) => {
    const store = await open();
    const { until, ...session } = newNames();
    for (let times = 0; times < 3; times += 1) {
      await store.revokeSession(session.sid, until);
      await store.revokeUser(session.userRef, session.issuedAt, until);
    }
    must(await store.isRevoked(session), 'the session goes on');
  }),
  rule('remembers a webhook for the first who asks, among many at once', async ({ open }) => {
    const stores = await Promise.all([open(), open()]);
    const { sid: id, until } = newNames();
    const calls = Array.from({ length: 40 }, (_, index) => stores[index % 2]?.rememberWebhook(id, until));
    const firsts = (await Promise.all(calls)).filter(Boolean).length;
    must(firsts === 1, `${firsts} were told to be the first`);
    must(!(await (await open()).rememberWebhook(id, until)), 'it was forgotten');
  }),
  rule('keeps sessions, users and webhooks apart', async ({ open }) => {
    const store = await open();
    const { until, ...session } = newNames();
    await store.rememberWebhook(session.sid, until);
    await store.revokeSession(session.userRef, until);
    must(!(await store.isRevoked(session)), 'one kind is taken for another');
    must(await store.rememberWebhook(session.userRef, until), 'a session is taken for a webhook');
  }),
  rule('takes names as they are', async ({ open }) => {
    const store = await open();
    const { sid, userRef, issuedAt, until } = newNames();
    for (const text of HOSTILE) await store.revokeSession(sid + text, until);
    must(!(await store.isRevoked({ sid: `${sid}other`, userRef, issuedAt })), 'a pattern matches');
    for (const text of HOSTILE) {
      must(await store.isRevoked({ sid: sid + text, userRef, issuedAt }), `${JSON.stringify(text)} is lost`);
    }
  }),
  rule('tells every process within a second', async ({ open }) => {
    const [told, asked] = await Promise.all([open(), open()]);
    const { until, ...session } = newNames();
    must(!(await asked.isRevoked(session)), 'it ended too early');
    const startedAt = Date.now();
    await told.revokeSession(session.sid, until);
    while (!(await asked.isRevoked(session))) {
      must(Date.now() - startedAt < 1000, 'the other process does not know after a second');
    }
  }),
];
