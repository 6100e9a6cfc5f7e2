/**
 * The process that a PKCS#11 module lives in. A module is a vendor's native code that may hang, crash or leak;
 * here it has no personal data around it, nothing waits for it, and it can be ended and started again.
 * Talks over the channel that `fork` made, and ends with it.
 */
import { loadPeer } from './load-peer.ts';
import type { Pkcs11Answer, Pkcs11Question } from './pkcs11-protocol.ts';
import { refusalFrom } from './pkcs11-refusal.ts';
import { Pkcs11Token } from './pkcs11-token.ts';

let token: Pkcs11Token | undefined;

async function answer(question: Pkcs11Question): Promise<Uint8Array> {
  if (question.verb === 'open' || question.verb === 'create') {
    const library = await loadPeer('pkcs11js', async () => (await import('pkcs11js')).default);
    token = new Pkcs11Token(library, question.place, question.pin);
    if (question.verb === 'create') token.createKey();
    token.openKey();
    return new Uint8Array();
  }
  if (!token) throw new TypeError('the token was not opened');
  const associatedData = Buffer.from(question.associatedData);
  if (question.verb === 'wrap') return token.wrap(Buffer.from(question.plainKey), associatedData);
  return token.unwrap(Buffer.from(question.blob), associatedData);
}

process.on('disconnect', () => process.exit());
process.on('message', ({ id, question }: { id: number; question: Pkcs11Question }) => {
  answer(question).then(
    (bytes) => send({ id, bytes }),
    (error: unknown) => send({ id, refusal: refusalFrom(error) }),
  );
});

function send(message: Pkcs11Answer): void {
  process.send?.(message);
}
