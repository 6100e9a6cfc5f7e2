import PostalMime, { type Address, type Email } from 'postal-mime';
import type { MailContent } from './received-mail.ts';

/** Reading takes some microseconds a line, and time that grows with the square of the number of parts. */
const MOST_LINES = 200_000;
const MOST_PARTS = 1_000;
const LIMITS = { maxNestingDepth: 32, maxHeadersSize: 256 * 1024, forceRfc822Attachments: true };

/** Decodes a message (RFC 5322, MIME). One that cannot be read has a `problem` and nothing else. */
export async function readContent(source: Uint8Array): Promise<MailContent> {
  try {
    if (hasMore(MOST_LINES, '\n', source)) throw new Error(`more than ${MOST_LINES} lines`);
    // Each part begins with a line of two dashes and its boundary.
    if (hasMore(MOST_PARTS, '\n--', source)) throw new Error(`more than ${MOST_PARTS} parts`);
    return contentOf(await PostalMime.parse(source, LIMITS));
  } catch (error) {
    return {
      ...{ subject: '', from: '', to: [], cc: [], replyTo: [], headers: [], attachments: [] },
      problem: `This message could not be read: ${(error as Error).message}.`,
    };
  }
}

function contentOf(email: Email): MailContent {
  return {
    subject: email.subject ?? '',
    from: email.from ? written(email.from) : '',
    to: (email.to ?? []).map(written),
    cc: (email.cc ?? []).map(written),
    replyTo: (email.replyTo ?? []).map(written),
    ...(email.text !== undefined && { text: email.text }),
    ...(email.html !== undefined && { html: email.html }),
    headers: email.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    attachments: email.attachments.map(({ filename, mimeType, content }) => ({
      filename: filename ?? '',
      contentType: mimeType,
      bytes: typeof content === 'string' ? content.length : content.byteLength,
    })),
  };
}

function written({ name, address, group }: Address): string {
  if (group) return `${name}: ${group.map(written).join(', ')};`;
  return name ? `${name} <${address}>` : (address ?? '');
}

function hasMore(most: number, sought: string, { buffer, byteOffset, byteLength }: Uint8Array): boolean {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  let count = 0;
  let at = bytes.indexOf(sought);
  while (at >= 0 && count <= most) {
    count += 1;
    at = bytes.indexOf(sought, at + 1);
  }
  return count > most;
}
