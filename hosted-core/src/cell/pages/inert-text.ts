/**
 * Control characters (C0, C1) and format characters: bidi embeddings, overrides, isolates and marks,
 * zero-width signs; line and paragraph separators.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A name that somebody else chose, such as a site's, without anything that could make it look like another.
 * Markup is harmless already: templates escape it.
 */
export function inert(text: string): string {
  return text.replace(INVISIBLE, '').trim();
}

/** As {@link inert}, for a part of a text: its spaces stay. */
export function inertText(text: string): string {
  return text.replace(/\s/g, ' ').replace(INVISIBLE, '');
}

/** The first letter, for a badge. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(inert(name));
  return first?.segment.toLocaleUpperCase() ?? '?';
}
