import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes of an answer that are looked at, after decompression. */
const MAX_BYTES = 4_096;
/** How long an answer that has begun may take; receipt was settled by its status. */
const MAX_MS = 2_000;

/** The beginning of an answer's body. Never throws: what a receiver does with its answer is its own affair. */
export async function readBeginning(response: Response, maxMs: number = MAX_MS): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  const timeUp = new AbortController();
  const tooLate = sleep(maxMs, undefined, { signal: timeUp.signal }).then(
    () => undefined,
    () => undefined,
  );
  try {
    for (let size = 0; size < MAX_BYTES; ) {
      const next = await Promise.race([reader.read(), tooLate]);
      if (next === undefined || next.done) break;
      chunks.push(next.value);
      size += next.value.byteLength;
    }
  } catch {
    // Cut off or malformed: what came so far has to do.
  } finally {
    timeUp.abort();
    void reader.cancel().catch(() => {});
  }
  return Buffer.concat(chunks).subarray(0, MAX_BYTES);
}

/** Whether the answer says that the data is purged: a JSON object with `"status": "purged"`. */
export function saysPurged(body: Uint8Array): boolean {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return (parsed as { status?: unknown } | null)?.status === 'purged';
  } catch {
    return false;
  }
}
