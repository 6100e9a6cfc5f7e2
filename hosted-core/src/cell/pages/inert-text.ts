/** Controls that reorder or hide text: bidi embeddings, overrides, isolates, marks; zero-width; C0 and C1. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/**
 * A name that somebody else chose, such as a site's, without anything that could make it look like another.
 * Markup is harmless already: templates escape it.
 */
export function inert(text: string): string {
  return text.replace(INVISIBLE, '').trim();
}

/** The first letter, for a badge. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(inert(name));
  return first?.segment.toLocaleUpperCase() ?? '?';
}
