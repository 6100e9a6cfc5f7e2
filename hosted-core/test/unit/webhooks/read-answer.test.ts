import { describe, expect, it } from 'vitest';
import { readBeginning } from '../../../src/core/webhooks/read-answer.ts';
import { EXCERPT_CHARACTERS, excerptOf } from '../../../src/core/webhooks/redact-excerpt.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
type Source = ConstructorParameters<typeof ReadableStream<Uint8Array>>[0];
const streamOf = (source: Source) => new Response(new ReadableStream(source));

describe('the beginning of an answer', () => {
  it('is all of a short one', async () => {
    expect(await readBeginning(new Response('short'))).toEqual(Buffer.from('short'));
    expect(await readBeginning(new Response(null, { status: 204 }))).toHaveLength(0);
  });

  it('is 4 KB of an endless one, which is then left', async () => {
    let isCancelled = false;
    let pulled = 0;
    const endless = streamOf({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(1_000).fill(97));
      },
      cancel: () => {
        isCancelled = true;
      },
    });
    expect(await readBeginning(endless)).toHaveLength(4_096);
    expect(isCancelled).toBe(true);
    expect(pulled).toBeLessThan(10);
  });

  it('is what came in time of one that never ends', async () => {
    const hanging = streamOf({ start: (controller) => controller.enqueue(bytes('then nothing')) });
    expect(await readBeginning(hanging, 20)).toEqual(Buffer.from('then nothing'));
  });

  it('is what came of one that breaks', async () => {
    let sent = false;
    const breaking = streamOf({
      pull: (controller) => {
        if (sent) controller.error(new Error('cut off'));
        else controller.enqueue(bytes('so far'));
        sent = true;
      },
    });
    expect(await readBeginning(breaking)).toEqual(Buffer.from('so far'));
  });
});

describe('the excerpt of an answer', () => {
  it.each([
    ['an address', 'user sample-amber@example.com unknown', 'user [redacted] unknown'],
    ['a phone number', 'call +372 5555 1234 now', 'call [redacted] now'],
    ['a token', 'Authorization: Bearer abc.def', 'Authorization: [redacted]'],
    ['a key', `key ${'k'.repeat(40)}`, 'key [redacted]'],
    ['a link', 'see https://shop.example/u/7?x=1', 'see [redacted]'],
    ['a pseudonym', `unknown ppid_${'a'.repeat(26)}`, 'unknown [redacted]'],
  ])('leaves out %s', (_what, text, expected) => {
    expect(excerptOf(bytes(text))).toBe(expected);
  });

  it('keeps what helps to find the fault', () => {
    expect(excerptOf(bytes('{"error":"database is locked"}'))).toBe('{"error":"database is locked"}');
  });

  it('has no control characters, is never empty, and is short', () => {
    expect(excerptOf(bytes('a\u001b[31m\r\nb'))).toBe('a [31m b');
    expect(excerptOf(bytes(' \n '))).toBeNull();
    expect(excerptOf(bytes('no way '.repeat(500)))).toHaveLength(EXCERPT_CHARACTERS);
  });
});
