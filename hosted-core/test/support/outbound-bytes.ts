import { createHash } from 'node:crypto';
import { Socket } from 'node:net';

interface Writing {
  _writeGeneric(writev: boolean, data: unknown, encoding: BufferEncoding, done: () => void): void;
}

/**
 * Keeps every byte that this process writes to a socket, whatever wrote it. `ours` says for each socket whether it
 * counts: the test's own browsers and servers write, too.
 */
export function recordOutboundBytes(ours: (socket: Socket) => boolean) {
  const bySocket = new Map<Socket, Buffer[]>();
  const prototype = Socket.prototype as unknown as Writing;
  const write = prototype._writeGeneric;
  prototype._writeGeneric = function record(this: Socket & Writing, writev, data, encoding, done) {
    if (ours(this)) {
      const kept = bySocket.get(this) ?? [];
      bySocket.set(this, kept);
      const chunks = writev
        ? (data as { chunk: unknown; encoding: BufferEncoding }[])
        : [{ chunk: data, encoding }];
      for (const one of chunks)
        kept.push(
          typeof one.chunk === 'string' ? Buffer.from(one.chunk, one.encoding) : (one.chunk as Buffer),
        );
    }
    return write.call(this, writev, data, encoding, done);
  };
  return {
    /** By socket, so that nothing hides where two writes meet. */
    text: () => [...bySocket.values()].map((chunks) => Buffer.concat(chunks).toString('latin1')).join('\n'),
    stop() {
      prototype._writeGeneric = write;
    },
  };
}

/** Whether a secret is anywhere in a text: as it is, in another writing, inside of something encoded, or as its hash. */
export function leaks(text: string, secret: string): boolean {
  const bytes = Buffer.from(secret);
  const hash = createHash('sha256').update(bytes).digest();
  const forms = [
    secret,
    encodeURIComponent(secret),
    ...[bytes, hash].flatMap((one) => [
      one.toString('hex'),
      one.toString('base64'),
      one.toString('base64url'),
    ]),
  ];
  return [text, ...decodings(text)].some((one) => forms.some((form) => one.includes(form)));
}

const decoded = new Map<string, string[]>();

/** What stands in a text in Base64, such as the parts of a JWT, and in hexadecimal. */
function decodings(text: string): string[] {
  let found = decoded.get(text);
  if (!found) {
    const base64 = (text.match(/[A-Za-z0-9+/_-]{16,}/g) ?? []).map((run) => Buffer.from(run, 'base64'));
    const hex = (text.match(/(?:[0-9a-f]{2}){12,}/gi) ?? []).map((run) => Buffer.from(run, 'hex'));
    found = [...base64, ...hex].map((one) => one.toString('latin1'));
    decoded.set(text, found);
  }
  return found;
}
