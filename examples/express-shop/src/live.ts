import type { Response } from 'express';

/** Open tabs that wait to hear that their session has ended (server-sent events). */
export interface LiveTabs {
  /** Keeps the answer open and tells this tab when the session ends. */
  open(res: Response, session: { userRef: string; sid: string }): void;
  /** Ends one session (`sid`), or all sessions of the person. Returns how many tabs were told. */
  end(ended: { userRef: string; sid?: string | null }): number;
  /** Ends every stream without a word; the browser tries again later. */
  close(): void;
}

export interface LiveMessage {
  readonly reason: 'withdrawn' | 'ended';
}

interface Tab {
  readonly userRef: string;
  readonly sid: string;
  readonly res: Response;
}

const heartbeatMs = 25_000;

export function createLiveTabs(): LiveTabs {
  const tabs = new Set<Tab>();
  const heartbeat = setInterval(() => {
    for (const tab of tabs) tab.res.write(':\n\n');
  }, heartbeatMs);
  heartbeat.unref();

  return {
    open(res, { userRef, sid }) {
      const tab: Tab = { userRef, sid, res };
      startStream(res);
      tabs.add(tab);
      res.once('close', () => tabs.delete(tab));
    },
    end({ userRef, sid }) {
      const ended = [...tabs].filter((tab) => tab.userRef === userRef && (!sid || tab.sid === sid));
      for (const tab of ended) {
        tabs.delete(tab);
        sendSignedOut(tab.res, { reason: 'withdrawn' });
      }
      return ended.length;
    },
    close() {
      clearInterval(heartbeat);
      for (const tab of tabs) tab.res.end();
      tabs.clear();
    },
  };
}

/** For a tab that connects after its session ended, such as a laptop that was asleep. */
export function answerSignedOut(res: Response): void {
  startStream(res);
  sendSignedOut(res, { reason: 'ended' });
}

function startStream(res: Response): void {
  res.status(200).set({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  res.flushHeaders();
  res.write('retry: 2000\n\n');
}

function sendSignedOut(res: Response, message: LiveMessage): void {
  res.end(`event: signed-out\ndata: ${JSON.stringify(message)}\n\n`);
}
