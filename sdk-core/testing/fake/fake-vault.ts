import { ATTRIBUTE_NAMES } from '../../src/generated/contract.ts';
import { json, problem } from './json-response.ts';

interface SealBody {
  readonly names: string[];
  readonly purpose: string;
  readonly order_ref: string;
  readonly window: { readonly not_before?: string; readonly expires_at: string };
}

/** What was sealed, as it was then. */
interface Envelope extends Pick<SealBody, 'names' | 'purpose' | 'order_ref'> {
  readonly sealed: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly notBefore: Date;
  readonly expiresAt: Date;
}

const MAX_WINDOW_MS = 400 * 86_400_000;

/** Of the form that the cell gives, and opened by nobody. */
function envelope(index: number): string {
  return `eyJhbGciOiJkaXIifQ..${'n'.repeat(16)}.${String(index).padStart(90, 'c')}.${'t'.repeat(22)}`;
}

interface Consents {
  /** The attributes with a live consent, and their values. */
  readonly consented: Readonly<Record<string, unknown>>;
  /** For which purpose; `null` for any. */
  readonly consentedFor: string | null;
  readonly person: { readonly attributes: Readonly<Record<string, unknown>> };
}

/** The cell's part: releases what is consented to, and nothing else. */
export class FakeVault {
  readonly #consents: Consents;
  readonly #sealed: Envelope[] = [];

  constructor(consents: Consents) {
    this.#consents = consents;
  }

  /** `GET /v1/attributes`: all that is named, or what is missing. */
  attributes(query: URLSearchParams): Response {
    const names = query.get('names')?.split(',') ?? [];
    const purpose = query.get('purpose');
    if (names.length === 0 || new Set(names).size < names.length) return problem('invalid_request', 400);
    if (purpose === null) return problem('purpose_required', 400);
    if (!names.every((name) => this.#isKnown(name))) return problem('unknown_attribute', 400);
    return this.#refusal(names, purpose) ?? json({ attributes: this.#values(names), purpose });
  }

  async seal(request: Request, now: Date): Promise<Response> {
    const { names, purpose, order_ref, window } = (await request.clone().json()) as SealBody;
    const refusal = this.#refusal(names, purpose);
    if (refusal) return refusal;
    const [notBefore, expiresAt] = [new Date(window.not_before ?? now), new Date(window.expires_at)];
    const isWindow = expiresAt > now && expiresAt > notBefore && +expiresAt - +now <= MAX_WINDOW_MS;
    if (!isWindow) return problem('invalid_request', 400);
    const sealed = envelope(this.#sealed.length);
    this.#sealed.push({
      ...{ sealed, names, purpose, order_ref, notBefore, expiresAt, values: this.#values(names) },
    });
    const not_before = window.not_before ?? now.toISOString();
    return json({ sealed, not_before, expires_at: window.expires_at }, 201);
  }

  async unseal(request: Request, now: Date): Promise<Response> {
    const asked = (await request.clone().json()) as { sealed: string; purpose: string; order_ref: string };
    const found = this.#sealed.find((one) => one.sealed === asked.sealed);
    if (!found) return problem('not_found', 404);
    const fits = found.purpose === asked.purpose && found.order_ref === asked.order_ref;
    if (!fits) return problem('sealed_mismatch', 403);
    if (now < found.notBefore) return problem('sealed_not_open_yet', 403);
    if (now >= found.expiresAt) return problem('sealed_expired', 410);
    const { names, purpose, order_ref, values } = found;
    if (this.#refusal(names, purpose)) return problem('sealed_destroyed', 410);
    return json({ attributes: values, purpose, order_ref });
  }

  /** Of the contract's catalogue, or of the test's own. */
  #isKnown(name: string): boolean {
    const { consented, person } = this.#consents;
    return [...ATTRIBUTE_NAMES, ...Object.keys(consented), ...Object.keys(person.attributes)].includes(name);
  }

  #refusal(names: readonly string[], purpose: string): Response | null {
    const { consented, consentedFor } = this.#consents;
    const isCovered = consentedFor === null || consentedFor === purpose;
    const attributes = names.filter((name) => !isCovered || !Object.hasOwn(consented, name));
    return attributes.length > 0 ? problem('consent_required', 403, { attributes, purpose }) : null;
  }

  #values(names: readonly string[]): Record<string, unknown> {
    return Object.fromEntries(names.map((name) => [name, this.#consents.consented[name]]));
  }
}
