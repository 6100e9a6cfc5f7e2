/** Logto's address from its issuer, which is `{endpoint}/oidc`. @throws TypeError for an issuer of another form */
export function logtoEndpoint(issuer: string): string {
  if (!issuer.endsWith('/oidc')) throw new TypeError('the issuer of a Logto ends in /oidc');
  return issuer.slice(0, -'/oidc'.length);
}
