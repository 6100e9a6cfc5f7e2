import * as openid from 'openid-client';

/** Our secret at the token endpoint, in the way that the metadata asks for. */
export function secretAuthentication(secret: string): openid.ClientAuth {
  const [basic, form] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)];
  return (server, ...rest) =>
    (goesIntoForm(server.token_endpoint_auth_methods_supported) ? form : basic)(server, ...rest);
}

/** Without a word about it in the metadata it is HTTP Basic (OpenID Connect Discovery 1.0 §3). */
export function goesIntoForm(methods: unknown): boolean {
  return (
    Array.isArray(methods) &&
    !methods.includes('client_secret_basic') &&
    methods.includes('client_secret_post')
  );
}
