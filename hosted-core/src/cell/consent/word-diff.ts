/** A run of text in a comparison. */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Longer texts are shown whole, before and after: comparing costs the product of both lengths. */
const MAX_WORDS = 400;

/**
 * What changed from one text to another, word by word (longest common subsequence). Spaces belong to the word
 * before them, so that joining the parts that are not `added` gives the old text, and those not `removed` the new.
 */
export function wordDiff(before: string, after: string): DiffPart[] {
  const [left, right] = [words(before), words(after)];
  if (left.length > MAX_WORDS || right.length > MAX_WORDS) {
    const whole = [part('removed', before), part('added', after)];
    return before === after ? [part('same', before)] : whole.filter(({ text }) => text !== '');
  }
  const lengths = commonLengths(left, right);
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [old, fresh] = [left[i], right[j]];
    if (old !== undefined && old === fresh) {
      parts.push(part('same', old));
      [i, j] = [i + 1, j + 1];
    } else if (old !== undefined && (fresh === undefined || at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      parts.push(part('removed', old));
      i += 1;
    } else if (fresh !== undefined) {
      parts.push(part('added', fresh));
      j += 1;
    }
  }
  return joined(parts);
}

function words(text: string): string[] {
  return text.match(/\S+\s*|^\s+/gu) ?? [];
}

/** Length of the longest common subsequence of the rests that begin at each pair of places. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1)
      (rows[i] as Uint16Array)[j] =
        left[i] === right[j] ? at(rows, i + 1, j + 1) + 1 : Math.max(at(rows, i + 1, j), at(rows, i, j + 1));
  return rows;
}

function at(rows: readonly Uint16Array[], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}

function part(kind: DiffPart['kind'], text: string): DiffPart {
  return { kind, text };
}

/** Within a change, what went stands before what came, each in one piece. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const result: DiffPart[] = [];
  let [removed, added] = ['', ''];
  const flush = () => {
    if (removed) result.push(part('removed', removed));
    if (added) result.push(part('added', added));
    [removed, added] = ['', ''];
  };
  for (const { kind, text } of parts) {
    if (kind === 'removed') removed += text;
    else if (kind === 'added') added += text;
    else {
      flush();
      const last = result.at(-1);
      if (last?.kind === 'same') result[result.length - 1] = part('same', last.text + text);
      else result.push(part('same', text));
    }
  }
  flush();
  return result;
}
