import type { Database } from '../../database/database.ts';
import { SecretBox } from '../../secrets/secret-box.ts';
import type { StoredRequest } from './interactions-repository.ts';
import { eraseHint } from './login-hints-repository.ts';

export interface LoginHintsOptions {
  /** As `cell_app`. */
  readonly database: Database;
  readonly tenantId: string;
  readonly secrets: SecretBox;
}

/**
 * What a person typed at the site, on its way to the sign-in service: sealed under a key that needs the interaction's
 * own id, of which the database has a hash, and erased as soon as the browser was sent on.
 */
export class LoginHints {
  readonly #options: LoginHintsOptions;

  constructor(options: LoginHintsOptions) {
    this.#options = options;
  }

  seal(interactionId: string, hint: string): string {
    return this.#box(interactionId).seal('hint', Buffer.from(hint, 'utf8')).toString('base64');
  }

  /** `undefined` when there was none, or it was used. @throws UserrefError `integrity_error` */
  open({ interactionId, request }: { interactionId: string; request: StoredRequest }): string | undefined {
    if (request.sealedHint === undefined) return undefined;
    const sealed = Buffer.from(request.sealedHint, 'base64');
    return this.#box(interactionId).open('hint', sealed).toString('utf8');
  }

  /** Once it has been passed on. */
  async erase(interactionHash: Buffer): Promise<void> {
    const { database, tenantId } = this.#options;
    await database.inTenant(tenantId, (tx) => eraseHint(tx, { tenantId, interactionHash }));
  }

  #box(interactionId: string): SecretBox {
    return new SecretBox(this.#options.secrets.deriveKey(`login-hint/${interactionId}`));
  }
}
