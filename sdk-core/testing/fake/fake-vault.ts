import { json, problem } from './json-response.ts';

interface SealBody {
  readonly names: string[];
  readonly purpose: string;
  readonly order_ref: string;
  readonly window: { readonly not_before?: string; readonly expires_at: string };
}

/** Of the form that the cell gives, and opened by nobody. */
function envelope(index: number): string {
  return `eyJhbGciOiJkaXIifQ..${'n'.repeat(16)}.${String(index).padStart(90, 'c')}.${'t'.repeat(22)}`;
}

/** The cell's part: releases what is consented to, and nothing else. */
export class FakeVault {
  readonly #consented: () => Readonly<Record<string, unknown>>;
  readonly #sealed: (Omit<SealBody, 'window'> & { sealed: string })[] = [];

  /** `consented` gives the attributes with a live consent, and their values. */
  constructor(consented: () => Readonly<Record<string, unknown>>) {
    this.#consented = consented;
  }

  /** `GET /v1/attributes`: all that is named, or what is missing. */
  attributes(query: URLSearchParams): Response {
    const names = (query.get('names') ?? '').split(',');
    const refusal = this.#refusal(names);
    return refusal ?? json({ attributes: this.#values(names), purpose: query.get('purpose') });
  }

  async seal(request: Request, now: Date): Promise<Response> {
    const { names, purpose, order_ref, window } = (await request.clone().json()) as SealBody;
    const refusal = this.#refusal(names);
    if (refusal) return refusal;
    const sealed = envelope(this.#sealed.length);
    this.#sealed.push({ sealed, names, purpose, order_ref });
    const not_before = window.not_before ?? now.toISOString();
    return json({ sealed, not_before, expires_at: window.expires_at }, 201);
  }

  async unseal(request: Request): Promise<Response> {
    const asked = (await request.clone().json()) as { sealed: string; purpose: string; order_ref: string };
    const found = this.#sealed.find((one) => one.sealed === asked.sealed);
    if (!found) return problem('not_found', 404);
    const fits = found.purpose === asked.purpose && found.order_ref === asked.order_ref;
    if (!fits) return problem('sealed_mismatch', 403);
    const { purpose, order_ref } = asked;
    return json({ attributes: this.#values(found.names), purpose, order_ref });
  }

  #refusal(names: readonly string[]): Response | null {
    const missing = names.filter((name) => !Object.hasOwn(this.#consented(), name));
    return missing.length > 0 ? problem('consent_required', 403, { attributes: missing }) : null;
  }

  #values(names: readonly string[]): Record<string, unknown> {
    return Object.fromEntries(names.map((name) => [name, this.#consented()[name]]));
  }
}
