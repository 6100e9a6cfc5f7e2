import { type Decoded, DecodedBytes } from './view.ts';

/** The text of a charset in which each byte is a letter, such as `windows-1251`. */
export function decodeSingleByte(bytes: Uint8Array, charset: string): Decoded {
  const letters = [...new TextDecoder(charset).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))];
  const codePoints = letters.map((letter) => letter.codePointAt(0) ?? 0);
  const out = new DecodedBytes(bytes.length * 2);
  for (const [at, byte] of bytes.entries()) out.putCodePoint(codePoints[byte] as number, at);
  return out.done({ isUnpacked: false, form: () => charset });
}
