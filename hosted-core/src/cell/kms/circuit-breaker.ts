import type { Timing } from './timing.ts';

export interface CircuitBreakerOptions {
  /** Failed calls in a row that open it. */
  readonly failures: number;
  /** How long it stays open before one call may try again. */
  readonly openMs: number;
  readonly timing: Timing;
}

/**
 * Stops asking a service that does not answer. Open, it refuses at once; after `openMs` one call goes
 * through, and what becomes of it decides for all.
 */
export class CircuitBreaker {
  readonly #failures: number;
  readonly #openMs: number;
  readonly #timing: Timing;
  #failedInARow = 0;
  #openUntil = 0;
  #probing = false;

  constructor({ failures, openMs, timing }: CircuitBreakerOptions) {
    this.#failures = failures;
    this.#openMs = openMs;
    this.#timing = timing;
  }

  /** Milliseconds until it is worth asking again; 0 lets the caller through, who must report the outcome. */
  enter(): number {
    if (this.#failedInARow < this.#failures) return 0;
    const left = this.#openUntil - this.#timing.now();
    if (left > 0) return left;
    if (this.#probing) return this.#openMs;
    this.#probing = true;
    return 0;
  }

  /** The service answered, with whatever answer. */
  answered(): void {
    this.#failedInARow = 0;
    this.#probing = false;
  }

  /** The call ended without asking the service. */
  leave(): void {
    this.#probing = false;
  }

  failed(): void {
    this.#failedInARow += 1;
    this.#probing = false;
    if (this.#failedInARow >= this.#failures) this.#openUntil = this.#timing.now() + this.#openMs;
  }
}
