/** A mail as the sink took it in, its parts decoded. What a sender wrote is passed on as it is: trust none of it. */
export interface ReceivedMail {
  /** Counts up from 1 with each mail. */
  readonly id: number;
  readonly receivedAt: Date;
  /** Whom the sender named while handing it over; blind copies stand nowhere else. An empty `from` is a bounce. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly content: MailContent;
  /** The message as it came over the wire. */
  readonly source: Uint8Array;
}

export interface MailContent {
  readonly subject: string;
  /** As `Name <address>`. */
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly replyTo: readonly string[];
  readonly text?: string;
  readonly html?: string;
  /** In the order of the message, encoded words as they came. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Their contents are in the source only. */
  readonly attachments: readonly MailAttachment[];
  /** Why the rest is empty: the message is not what a mail program could read. */
  readonly problem?: string;
}

export interface MailAttachment {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: number;
}
