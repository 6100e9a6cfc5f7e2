import type { Request } from 'express';

/** What came back when the shop asked for one attribute: the value, or why there is none. Never kept. */
export type SharedAttribute =
  | { readonly shared: true; readonly value: unknown }
  | { readonly shared: false; readonly code: string };

/** Asks the person's vault for one attribute, now. `value` is `null` for what they share and do not have. */
export async function fetchShared(req: Request, name: string, purpose: string): Promise<SharedAttribute> {
  try {
    const attributes = await req.userref.fetchAttributes([name], { purpose });
    return { shared: true, value: attributes.get(name) };
  } catch (error) {
    return { shared: false, code: errorCode(error) };
  }
}

/** The stable code of an SDK error; anything without one is a defect of ours and is thrown on. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}

/** `address:shipping` as the lines of a label. */
export function addressLines(value: unknown): string[] {
  if (!isRecord(value)) return [];
  const part = (name: string) => (typeof value[name] === 'string' ? value[name] : '');
  const town = [part('postal_code'), part('locality')].filter(Boolean).join(' ');
  const lines = [part('recipient'), ...part('street_address').split('\n'), town, part('region')];
  return [...lines, countryName(part('country'))].filter(Boolean);
}

function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
