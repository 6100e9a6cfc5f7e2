/** A wish of `Accept-Language`: the primary subtag, and the weight of RFC 9110 §12.4.2. */
const WISH =
  /^[ \t]*([a-z]{1,8})(?:-[a-z0-9]{1,8})*[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/i;

/** Primary subtags, the heaviest first; the cases are in docs/contract/vectors/accept-language. */
export function parseAcceptLanguage(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((wish) => WISH.exec(wish))
    .map((parts) => ({ tag: parts?.[1] ?? '', quality: parts ? Number(parts[2] ?? 1) : 0 }))
    .filter(({ quality }) => quality > 0)
    .sort((left, right) => right.quality - left.quality)
    .map(({ tag }) => tag);
}
