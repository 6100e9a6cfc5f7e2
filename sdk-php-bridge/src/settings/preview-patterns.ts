/** As the core has them: one `*`, in the first label, for what differs from preview to preview; lower-case ASCII. */
const PATTERN =
  /^(?:https:\/\/[a-z0-9-]*\*[a-z0-9-]*(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z][a-z0-9-]*|http:\/\/[a-z0-9-]*\*[a-z0-9-]*\.localhost(?::[1-9]\d{0,4})?)$/;
const STAR = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const LONGEST_LABEL = 63;

/** Whether `text` may stand for origins of previews. That it is not too wide is for the core to say. */
export function isPreviewPattern(text: string): boolean {
  return text.length <= 253 && PATTERN.test(text) && !/^https?:\/\/xn--/.test(text);
}

/** Compared as text, so that no two programs can read it differently. */
export function fitsPreviewPattern(origin: string, pattern: string): boolean {
  const [before = '', after = ''] = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
  const [label = ''] = origin.replace(/^https?:\/\//, '').split('.', 1);
  return (
    new RegExp(`^${before}${STAR}${after}$`).test(origin) &&
    label.length <= LONGEST_LABEL &&
    !label.startsWith('xn--')
  );
}
