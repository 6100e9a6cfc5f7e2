/** Which root key of which key management service wraps the vault's keys. Holds no secret. */
export type KeyServiceAddress =
  | { readonly scheme: 'file'; readonly path: string }
  | {
      readonly scheme: 'pkcs11';
      readonly modulePath: string;
      /** Labels of the token and of the key in it. */
      readonly token: string;
      readonly object: string;
    }
  | { readonly scheme: 'aws'; readonly keyArn: string; readonly awsRegion: string }
  | { readonly scheme: 'gcp'; readonly keyName: string }
  | {
      readonly scheme: 'vault';
      /** With the API version, without a slash at the end: `https://vault.example.eu/v1`. */
      readonly apiUrl: string;
      /** Path of the transit engine, such as `transit`. */
      readonly mount: string;
      readonly keyName: string;
      readonly namespace?: string;
    };

export const KEY_SERVICE_FORMS = [
  'file:/path/to/vault.key',
  'pkcs11:token=<label>;object=<label>?module-path=/path/to/module.so',
  'aws:arn:aws:kms:<region>:<account>:key/<id>',
  'gcp:projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>',
  'vault:https://<host>/v1/<transit mount>/keys/<key>[?namespace=<name>]',
] as const;

/**
 * Reads an address of one of the {@link KEY_SERVICE_FORMS}.
 * @throws Error whose message says what is wrong, for the list of wrong settings
 */
export function parseKeyServiceAddress(text: string): KeyServiceAddress {
  const [, scheme = '', rest = ''] = /^([a-z0-9]+):(.*)$/s.exec(text) ?? [];
  const parse = Object.hasOwn(PARSERS, scheme) ? PARSERS[scheme as keyof typeof PARSERS] : undefined;
  if (!parse) throw new Error(`unknown key service; use one of ${KEY_SERVICE_FORMS.join(', ')}`);
  return parse(rest);
}

const PARSERS = { file: parseFile, pkcs11: parsePkcs11, aws: parseAws, gcp: parseGcp, vault: parseVault };

function wrongForm(scheme: string, problem: string): Error {
  const form = KEY_SERVICE_FORMS.find((one) => one.startsWith(`${scheme}:`));
  return new Error(`${problem}; the form is ${form}`);
}

function parseFile(rest: string): KeyServiceAddress {
  if (!rest.startsWith('/') || rest.startsWith('//')) throw wrongForm('file', 'needs an absolute path');
  return { scheme: 'file', path: rest };
}

/** A part of the PKCS#11 URI scheme (RFC 7512): token, object and module-path, each needed, nothing else. */
function parsePkcs11(rest: string): KeyServiceAddress {
  const [path = '', query = ''] = rest.split('?', 2);
  const given = new Map<string, string>();
  for (const part of [...path.split(';'), ...query.split('&')].filter(Boolean)) {
    const [name = '', value = ''] = part.split('=', 2);
    if (name === 'pin-value' || name === 'pin-source')
      throw new Error('the PIN stands in USERREF_KMS_CREDENTIALS_FILE, not in the address');
    if (!['token', 'object', 'module-path'].includes(name) || given.has(name))
      throw wrongForm('pkcs11', `attribute ${JSON.stringify(name)} is unknown or given twice`);
    given.set(name, decode(value));
  }
  const [token, object, modulePath] = ['token', 'object', 'module-path'].map((name) => given.get(name));
  if (!token || !object || !modulePath?.startsWith('/'))
    throw wrongForm('pkcs11', 'needs token, object and an absolute module-path');
  return { scheme: 'pkcs11', token, object, modulePath };
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw wrongForm('pkcs11', 'is not percent-encoded properly');
  }
}

/** An alias may be pointed at another key, after which nothing would open: only the key itself will do. */
function parseAws(rest: string): KeyServiceAddress {
  const match = /^arn:aws(?:-[a-z]+)*:kms:([a-z0-9-]+):\d{12}:key\/[A-Za-z0-9-]+$/.exec(rest);
  if (!match?.[1]) throw wrongForm('aws', 'needs the ARN of a key (an alias will not do)');
  return { scheme: 'aws', keyArn: rest, awsRegion: match[1] };
}

function parseGcp(rest: string): KeyServiceAddress {
  const name = '[A-Za-z0-9][A-Za-z0-9_.:-]*';
  const form = new RegExp(`^projects/${name}/locations/${name}/keyRings/${name}/cryptoKeys/[A-Za-z0-9_-]+$`);
  if (!form.test(rest)) throw wrongForm('gcp', 'needs the resource name of a key (without a version)');
  return { scheme: 'gcp', keyName: rest };
}

function parseVault(rest: string): KeyServiceAddress {
  const url = URL.canParse(rest) ? new URL(rest) : undefined;
  const match = /^\/v1\/([A-Za-z0-9_/-]+)\/keys\/(\w[\w.-]*)$/.exec(url?.pathname ?? '');
  if (!url || !match?.[1] || !match[2] || url.username || url.password || url.hash)
    throw wrongForm('vault', 'needs the address of a transit key');
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    throw new Error('keys travel in clear inside the connection: use https, or http on this machine only');
  const namespace = url.searchParams.get('namespace');
  if ([...url.searchParams.keys()].some((name) => name !== 'namespace'))
    throw wrongForm('vault', 'knows no other parameter than namespace');
  return {
    scheme: 'vault',
    apiUrl: `${url.origin}/v1`,
    mount: match[1],
    keyName: match[2],
    ...(namespace && { namespace }),
  };
}
