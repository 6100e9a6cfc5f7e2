import { decodeJwt, decodeProtectedHeader } from 'jose';

/** Everything that one site received about one of its users. */
export interface Dossier {
  /** Texts of one kind are compared with texts of the same kind of the other site. */
  readonly ids: Record<string, string>;
  /** Times, lengths, counts, positions. */
  readonly numbers: Record<string, number>;
  /** All of it as text, for values and pieces of values that appear at both sites. */
  readonly texts: string[];
}

export function newDossier(): Dossier {
  return { ids: {}, numbers: {}, texts: [] };
}

/** Files something away under a name, with all that is inside of it. */
export function note(dossier: Dossier, name: string, value: unknown): void {
  if (value === null || value === undefined) return;
  if (typeof value === 'object') {
    for (const [member, inner] of Object.entries(value)) note(dossier, `${name}.${member}`, inner);
    return;
  }
  dossier.texts.push(String(value));
  if (typeof value === 'number') dossier.numbers[name] = value;
  if (typeof value !== 'string') return;
  dossier.numbers[`length of ${name}`] = value.length;
  const time = /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) dossier.ids[name] = value;
  else dossier.numbers[name] = time;
}

/** A signed token, with its header and claims. */
export function noteJwt(dossier: Dossier, name: string, jwt: string): void {
  note(dossier, name, jwt);
  note(dossier, `${name} header`, decodeProtectedHeader(jwt));
  note(dossier, `${name} claims`, decodeJwt(jwt));
}
