/** What a fake core calls itself and its one site. */
export interface FakeCoreOptions {
  /** Default `https://id.example.eu`. */
  readonly issuer?: string;
  /** Default `https://cell.example.eu`. */
  readonly cell?: string;
  /** Default `shop-a`. */
  readonly site?: string;
  readonly siteSecret?: string;
  /** `whsec_…` that events are signed with. */
  readonly webhookSecret?: string;
  /** Default: the system clock. */
  readonly clock?: () => Date;
}

/** What msw's `http` is, as far as it is needed. */
export interface MswHttp<Handler> {
  all(path: string, resolver: (info: { request: Request }) => Promise<Response>): Handler;
}
