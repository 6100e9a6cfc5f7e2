import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { UserrefError } from '../../errors/userref-error.ts';
import type { Logger } from '../../observability/logger.ts';
import type { ArtifactRepository } from './artifact-repository.ts';
import type { SessionEnded } from './ended-sessions.ts';
import { createEngine, type EngineOptions } from './engine.ts';
import { logRefusals } from './log-refusals.ts';
import { requestPipeline } from './request-pipeline.ts';
import type { SigningKeys } from './signing-keys.ts';
import { UnitOfWork, withUnitOfWork } from './unit-of-work.ts';

export interface OidcServerOptions extends Omit<EngineOptions, 'keys'> {
  readonly artifacts: ArtifactRepository;
  readonly signingKeys: SigningKeys;
  readonly logger: Logger;
  /** Told when a person signed out, with every site of that session. */
  readonly onSessionEnded: (ended: SessionEnded) => Promise<void>;
}

interface RunningEngine {
  readonly fingerprint: string;
  readonly provider: Provider;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** The OpenID endpoints of one tenant. Follows key rotations by itself. */
export class OidcServer {
  readonly #options: OidcServerOptions;
  #engine: RunningEngine | undefined;

  constructor(options: OidcServerOptions) {
    this.#options = options;
  }

  /** Answers one request; every write of it is committed before the answer goes out. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const engine = await this.#current();
    await withUnitOfWork(new UnitOfWork(this.#options.artifacts), () => engine.handle(request, response));
  }

  /** Runs work that talks to the engine directly, and commits what it wrote. */
  async inUnitOfWork<T>(work: (provider: Provider) => Promise<T>): Promise<T> {
    const engine = await this.#current();
    const unit = new UnitOfWork(this.#options.artifacts);
    return withUnitOfWork(unit, async () => {
      const result = await work(engine.provider).catch((error: unknown) => {
        throw unit.fault ?? error;
      });
      if (!(await unit.commit())) throw new UserrefError('interaction_not_found');
      return result;
    });
  }

  async #current(): Promise<RunningEngine> {
    const keys = await this.#options.signingKeys.current();
    if (this.#engine?.fingerprint !== keys.fingerprint) {
      const provider = createEngine({ ...this.#options, keys });
      provider.use(requestPipeline(this.#options));
      logRefusals(provider, this.#options.logger);
      this.#engine = { fingerprint: keys.fingerprint, provider, handle: provider.callback() };
    }
    return this.#engine;
  }
}
