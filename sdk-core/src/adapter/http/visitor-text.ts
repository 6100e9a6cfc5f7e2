import type { ErrorCode } from '../../errors/userref-error.ts';
import {
  GROUPS,
  PREFIXES,
  type VisitorGroup,
  type VisitorLanguage,
  WAYS,
} from '../../generated/visitor-texts.ts';

/** What an error means for visitors, in one language. */
export interface VisitorText {
  readonly title: string;
  readonly happened: string;
  readonly advice: string;
  /** The way on besides the start page. */
  readonly way: 'sign_in' | 'share' | undefined;
}

export function visitorText(code: ErrorCode, { texts }: VisitorLanguage): VisitorText {
  const group = groupOf(code);
  const [title, happened, advice] = texts[group];
  return { title, happened, advice, way: WAYS[group] };
}

function groupOf(code: ErrorCode): VisitorGroup {
  const [, byPrefix = 'general'] = Object.entries(PREFIXES).find(([prefix]) => code.startsWith(prefix)) ?? [];
  return GROUPS[code] ?? byPrefix;
}
