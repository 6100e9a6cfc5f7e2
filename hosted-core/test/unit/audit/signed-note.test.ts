import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkpointText, parseCheckpoint } from '../../../src/audit/checkpoint.ts';
import { noteSigner, openNote, signNote } from '../../../src/audit/signed-note.ts';

/** The example of golang.org/x/mod/sumdb/note. */
const EXAMPLE_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const EXAMPLE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

const LOG = 'userref.audit/cell/default/00';
const one = noteSigner(LOG, randomBytes(32));
const other = noteSigner(LOG, randomBytes(32));
const TEXT = `${LOG}\nbody\n`;

describe('signed notes (C2SP)', () => {
  it('opens the example of another implementation', () => {
    expect(openNote(EXAMPLE, [EXAMPLE_KEY])).toBe(EXAMPLE.split('\n\n')[0]?.concat('\n'));
  });

  it('opens what one of several keys signed', () => {
    const note = signNote(TEXT, [one, other]);
    expect(note.startsWith(`${TEXT}\n— ${LOG} `)).toBe(true);
    expect(openNote(note, [other.publicKey])).toBe(TEXT);
    expect(openNote(note, [one.publicKey, other.publicKey])).toBe(TEXT);
  });

  it('opens nothing that strangers signed', () => {
    expect(openNote(signNote(TEXT, [one]), [other.publicKey])).toBeUndefined();
    expect(openNote(signNote(TEXT, [one]), [])).toBeUndefined();
    const elsewhere = noteSigner('userref.audit/core/default/00', randomBytes(32));
    expect(openNote(signNote(TEXT, [elsewhere]), [one.publicKey])).toBeUndefined();
  });

  it('opens nothing that was altered, anywhere', () => {
    const note = signNote(TEXT, [one]);
    for (let i = 0; i < note.length; i += 1) {
      const altered = note.slice(0, i) + (note[i] === 'A' ? 'B' : 'A') + note.slice(i + 1);
      const text = openNote(altered, [one.publicKey]);
      expect(text === undefined, `character ${i}`).toBe(true);
    }
  });

  it('opens nothing whose signature is written in another way', () => {
    const note = signNote(TEXT, [one]);
    const last = note.at(-3) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const twin = alphabet[alphabet.indexOf(last) + 1] ?? '';
    const altered = `${note.slice(0, -3)}${twin}=\n`;
    expect(Buffer.from(altered.slice(-93), 'base64')).toEqual(Buffer.from(note.slice(-93), 'base64'));
    expect(openNote(note, [one.publicKey])).toBe(TEXT);
    expect(openNote(altered, [one.publicKey])).toBeUndefined();
  });

  it('opens nothing with a false signature beside a true one by the same keys', () => {
    const [first = '', second = ''] = [signNote(TEXT, [one]), signNote('x\n', [other]).split('\n\n')[1]];
    expect(openNote(first + second, [one.publicKey])).toBe(TEXT);
    expect(openNote(first + second, [one.publicKey, other.publicKey])).toBeUndefined();
  });

  it.each([['', 'name+00000000+AAAA', one.publicKey.replace('+', '+0'), one.publicKey.slice(0, -4)]])(
    'refuses keys that are none',
    (...keys) => {
      for (const key of keys) expect(() => openNote(signNote(TEXT, [one]), [key]), key).toThrow(TypeError);
    },
  );
});

describe('checkpoints', () => {
  const checkpoint = {
    log: LOG,
    size: 1234,
    root: Buffer.alloc(32, 1),
    head: Buffer.alloc(32, 2),
    time: '2026-11-22T10:00:00.000Z',
  };

  it('are read as they were written, in the form of C2SP tlog-checkpoint', () => {
    const text = checkpointText(checkpoint);
    expect(text.split('\n').slice(0, 3)).toEqual([LOG, '1234', checkpoint.root.toString('base64')]);
    expect(parseCheckpoint(text)).toEqual(checkpoint);
  });

  it.each([
    ['\n1234\n', '\n01234\n'],
    ['\n1234\n', '\n-1\n'],
    ['\n1234\n', '\n1e3\n'],
    ['head ', 'tail '],
    ['time', ''],
  ])('are refused with %j made %j', (from, to) => {
    expect(() => parseCheckpoint(checkpointText(checkpoint).replace(from, to))).toThrow(TypeError);
  });
});
