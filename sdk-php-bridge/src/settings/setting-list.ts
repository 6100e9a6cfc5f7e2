/** One setting: an environment variable, or a line of the file given by `--config`. */
export interface SettingEntry {
  readonly name: string;
  readonly meaning: string;
  /** Used when it is not set. Neither default nor `required`: it may be left out. */
  readonly standard?: string;
  readonly required?: true;
  /** May also be given as `{name}_FILE`, a file whose content is the value. */
  readonly isSecret?: true;
}

/** Every setting of the bridge, in the order of `--help`. */
export const SETTINGS = [
  { name: 'USERREF_ISSUER', required: true, meaning: 'Address of the hosted core.' },
  { name: 'USERREF_SITE', required: true, meaning: 'The id of this site at the core.' },
  { name: 'USERREF_SITE_SECRET', required: true, isSecret: true, meaning: 'The secret that came with it.' },
  {
    name: 'USERREF_BASE_URL',
    required: true,
    meaning:
      'Origin that browsers use for the site, such as https://shop.example. Never read from a request.',
  },
  {
    name: 'USERREF_SESSION_SECRET',
    required: true,
    isSecret: true,
    meaning:
      'Seals logins and sessions; 32 characters or more. Several, by comma: the first seals, all open.',
  },
  {
    name: 'USERREF_BRIDGE_SECRET',
    required: true,
    isSecret: true,
    meaning: 'What PHP shows the bridge; 43 characters or more. Two, by comma, while it is changed.',
  },
  {
    name: 'USERREF_WEBHOOK_SECRET',
    isSecret: true,
    meaning: 'whsec_…, to confirm that data was purged and for /v1/webhook/verify. Several, by comma.',
  },
  { name: 'USERREF_WEBHOOK_PUBLIC_KEY', meaning: 'whpk_…, in place of the secret or beside it.' },
  {
    name: 'USERREF_BRIDGE_LISTEN',
    standard: 'unix:/run/userref/bridge.sock',
    meaning: 'unix:/path, or 127.0.0.1:port or [::1]:port. Nothing that other machines could reach.',
  },
  { name: 'USERREF_BRIDGE_SOCKET_GROUP', meaning: 'Group that may open the socket, such as www-data.' },
  {
    name: 'USERREF_BRIDGE_HOSTS',
    standard: 'localhost,127.0.0.1,[::1]',
    meaning: 'Host names that requests may carry, without port.',
  },
  {
    name: 'USERREF_BRIDGE_PREVIEWS',
    meaning:
      'Origins that PHP may name as a preview of the site, as the core has them: https://*--shop.netlify.app. Several, by comma.',
  },
  {
    name: 'USERREF_BRIDGE_POLL_SECONDS',
    standard: '15',
    meaning:
      'How often to ask the core for revocations whose webhook did not arrive. 5 to 3600; 0 for never.',
  },
  {
    name: 'USERREF_BRIDGE_UNSEAL_PER_MINUTE',
    standard: '60',
    meaning: 'How many sealed envelopes may be opened in a minute. 1 to 6000.',
  },
  {
    name: 'USERREF_SESSION_TTL_SECONDS',
    standard: '28800',
    meaning: 'How long a session lasts. 60 to 604800.',
  },
  {
    name: 'USERREF_CLOCK_TOLERANCE_SECONDS',
    standard: '60',
    meaning: 'How far the clocks of core and bridge may differ. 0 to 60.',
  },
  {
    name: 'USERREF_LOGIN_PATH',
    standard: '/userref/login',
    meaning: 'Path of the site that starts a login.',
  },
  { name: 'USERREF_CALLBACK_PATH', standard: '/userref/callback', meaning: 'Path that logins come back to.' },
  { name: 'USERREF_LOGOUT_PATH', standard: '/userref/logout', meaning: 'Path that signs out.' },
  { name: 'USERREF_WEBHOOK_PATH', standard: '/userref/webhook', meaning: 'Path that receives webhooks.' },
  { name: 'USERREF_AFTER_LOGOUT', standard: '/', meaning: 'Path to come back to after signing out.' },
  { name: 'USERREF_LOG_LEVEL', standard: 'info', meaning: 'silent, error, warn, info or debug.' },
] as const satisfies readonly SettingEntry[];

export type SettingName = (typeof SETTINGS)[number]['name'];
