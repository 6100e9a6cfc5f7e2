/** `de-CH;q=0.8`: the primary subtag, and the weight of RFC 9110 §12.4.2. */
const WISH =
  /^[ \t]*([a-z]{1,8})(?:-[a-z0-9]{1,8})*[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/i;

/**
 * The language of an answer: the heaviest of `Accept-Language` that is there, otherwise the first. The cases are in
 * `docs/contract/vectors/accept-language`.
 * @param languages at least one
 */
export function chooseLanguage<Language extends { readonly tag: string }>(
  languages: readonly [Language, ...Language[]],
  acceptLanguage: string | undefined,
): Language {
  const found = wishesOf(acceptLanguage ?? '').map((wish) => languages.find(({ tag }) => tag === wish));
  return found.find((language) => language !== undefined) ?? languages[0];
}

/** Primary subtags, the heaviest first. A weight of 0 means "not this one". */
function wishesOf(header: string): string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((wish) => WISH.exec(wish))
    .map((parts) => ({ tag: parts?.[1]?.toLowerCase() ?? '', weight: parts ? Number(parts[2] ?? 1) : 0 }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag);
}
