import { tabStream } from '../../lib/live-tabs.ts';
import { getUser } from '../../userref.ts';

/** Tells an open tab when its session has ended. */
export async function GET(): Promise<Response> {
  const headers = {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'private, no-store',
    'X-Accel-Buffering': 'no',
  };
  return new Response(tabStream(await getUser()), { headers });
}
