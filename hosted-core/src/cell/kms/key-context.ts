import { encodeAssociatedData } from './associated-data.ts';
import type { KeyContext } from './key-wrapper.ts';

/** The context as unambiguous bytes, under a label that says what they are for. */
export function encodeKeyContext(domain: string, context: KeyContext, ...more: string[]): Buffer {
  return encodeAssociatedData([
    domain,
    ...more,
    context.tenant,
    context.region,
    context.class,
    context.version,
  ]);
}
