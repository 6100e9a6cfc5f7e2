const LOOPBACK = /^(?:localhost|[a-z0-9-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether `url` uses https, or http to this machine (RFC 8252 §8.3): no other http is ever used. */
export function isAcceptableAddress(url: URL): boolean {
  if (url.username !== '' || url.password !== '' || url.hostname.includes('*')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isOfThisMachine(url));
}

/** Whether only this machine can be meant by `url`. */
export function isOfThisMachine({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

/** The address in `text`, or `null` when it is none that we would send anything to. */
export function acceptableAddress(text: unknown): URL | null {
  if (typeof text !== 'string' || !URL.canParse(text)) return null;
  const url = new URL(text);
  return isAcceptableAddress(url) && url.hash === '' ? url : null;
}
