/** A tab that waits to hear that its session has ended. */
interface Tab {
  readonly userRef: string;
  readonly sid: string;
  end(reason: 'withdrawn' | 'ended'): void;
}

// Next.js gives the webhook route and the live route a copy of this module each; the process is what they share.
const KEY = Symbol.for('next-shop/live-tabs');
const holder = globalThis as { [KEY]?: Set<Tab> };
const tabs = holder[KEY] ?? new Set<Tab>();
holder[KEY] = tabs;

const HEARTBEAT_MS = 25_000;

/** Server-sent events for one tab; without a session it hears at once that there is none. */
export function tabStream(session: { userRef: string; sid: string } | null): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let forget = () => {};
  return new ReadableStream({
    start(stream) {
      const say = (text: string) => stream.enqueue(encoder.encode(text));
      const end: Tab['end'] = (reason) => {
        forget();
        say(`event: signed-out\ndata: ${JSON.stringify({ reason })}\n\n`);
        stream.close();
      };
      say('retry: 2000\n\n');
      if (session === null) return end('ended');
      const tab: Tab = { ...session, end };
      const heartbeat = setInterval(() => say(':\n\n'), HEARTBEAT_MS);
      forget = () => {
        clearInterval(heartbeat);
        tabs.delete(tab);
      };
      tabs.add(tab);
    },
    cancel: () => forget(),
  });
}

/** Ends the tabs of one session (`sid`), or all of the person's. */
export function endTabs({ userRef, sid }: { userRef: string; sid: string | null }): void {
  for (const tab of [...tabs]) {
    if (tab.userRef === userRef && (sid === null || tab.sid === sid)) tab.end('withdrawn');
  }
}
