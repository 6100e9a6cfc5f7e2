import type { ReceivedMail } from './received-mail.ts';

/** A mail for programs: one element of `GET /messages`. The source is at `/mails/{id}/source`. */
export function mailJson({ id, receivedAt, envelope, content, source }: ReceivedMail) {
  const { replyTo, attachments, ...rest } = content;
  return {
    id,
    received_at: receivedAt.toISOString(),
    bytes: source.byteLength,
    envelope,
    ...rest,
    reply_to: replyTo,
    attachments: attachments.map(({ filename, contentType, bytes }) => ({
      filename,
      content_type: contentType,
      bytes,
    })),
  };
}
