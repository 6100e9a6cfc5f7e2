/** Short notes by `user_ref`: who somebody is, this service never learns. */
export class Notes {
  readonly #notes = new Map<string, string>();

  get(userRef: string): string {
    return this.#notes.get(userRef) ?? '';
  }

  set(userRef: string, text: string): void {
    this.#notes.set(userRef, text);
  }
}

export const MAX_NOTE_BYTES = 4096;
