import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestWordPress } from './wordpress.ts';

export interface Found {
  readonly status: 'good' | 'recommended' | 'critical';
  readonly label: string;
  readonly description: string;
}

/** What a check finds, asked for as WordPress does by itself once a week. `before` runs first, in PHP. */
export async function checkOf(word: TestWordPress, name: string, before = ''): Promise<Found> {
  return word.ask(`delete_site_transient('userref_breaker'); ${before}
    $tests = apply_filters('site_status_tests', ['direct' => [], 'async' => []]);
    $slow = $tests['async']['userref_${name}'] ?? null;
    return $slow === null ? $tests['direct']['userref_${name}']['test']() : $slow['async_direct_test']();`);
}

/** Sets constants of wp-config.php; what it gives sets them as they were. */
export function setConstants(
  { site }: TestWordPress,
  constants: Record<string, string | boolean>,
): () => void {
  const before = readFileSync(join(site.root, 'wp-config.php'), 'utf8');
  const were = Object.fromEntries(
    Object.keys(constants).map((name) => [name, valueIn(before, name)] as const),
  );
  site.setConstants(constants);
  return () => site.setConstants(were);
}

/** The text that wp-config.php gives a constant; null when it does not. */
export function valueIn(config: string, name: string): string | null {
  return new RegExp(`define\\('${name}', '(.*)'\\);`).exec(config)?.[1] ?? null;
}
