/** What a core says about itself (OpenID Connect Discovery §3, RFC 9126, RFC 9207, RFC 9728 §4). */
export function discoveryDocument({ issuer, cell }: { issuer: string; cell: string }): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    pushed_authorization_request_endpoint: `${issuer}/par`,
    end_session_endpoint: `${issuer}/session/end`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
    protected_resources: [cell],
    userref_mode: 'test',
  };
}
