// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

/** What each claim of a passport means, and of which type it is. */
export const CLAIMS = {
  iss: { type: 'string', meaning: 'The issuer: an https address, compared exactly.' },
  aud: { type: 'string', meaning: 'The site, as a single string. An array is refused.' },
  azp: { type: 'string', meaning: 'When present, equal to the site.' },
  sub: {
    type: 'string',
    meaning: 'The `user_ref`: `ppid_` and 26 characters of lower-case base32. Another site sees another one.',
  },
  user_ref: { type: 'string', meaning: 'Equal to `sub`.' },
  passport: {
    type: 'object',
    meaning: '`v`: version of the passport, an unknown one is refused. `consents`: names of the attributes with a live consent at issue time, sorted. `assurance_level`: `low`, `substantial` or `high`.',
  },
  tenant: { type: 'string', meaning: 'The tenant of the core that the site belongs to.' },
  site: { type: 'string', meaning: 'Equal to `aud`.' },
  sid: { type: 'string', meaning: 'The session at the core; `session.revoked` names it. Each site sees its own.' },
  acr: { type: 'string', meaning: 'Authentication context class (OpenID Connect Core §2).' },
  amr: { type: 'string_array', meaning: 'Authentication methods (RFC 8176).' },
  auth_time: { type: 'unix_seconds', meaning: 'When the person last signed in.' },
  nonce: { type: 'string', meaning: 'The `nonce` of the login request; present when the request had one.' },
  at_hash: { type: 'string', meaning: 'Hash of the access token (OpenID Connect Core §3.1.3.6).' },
  status: {
    type: 'object',
    meaning: '`status_list`: place of this passport in a status list of its site, `idx` and `uri` (Token Status List). Passports of the core always have it.',
  },
  iat: { type: 'unix_seconds', meaning: 'Time of issue.' },
  nbf: { type: 'unix_seconds', meaning: 'Not valid before.' },
  exp: { type: 'unix_seconds', meaning: 'Time of expiry, at most one hour after issue by default.' },
} as const;
