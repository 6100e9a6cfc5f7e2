/** A site as the engine's client, with what we carry along and what we answer instead of it. */
export interface SiteClient {
  readonly secret_sha256: string;
  readonly attribute_scopes: string[];
  readonly pkce_required: boolean;
  readonly redirectUris: string[];
  readonly preview_patterns: string[];
  redirectUriAllowed(uri: string): boolean;
  compareClientSecret(this: SiteClient, presented: string): boolean;
  includeSid(): boolean;
}
