import type { SuiteName } from './figures.ts';

/** How much is measured. */
export interface Pace {
  readonly slices: number;
  readonly sliceMs: number;
  readonly warmUpMs: number;
  /** Units of work whose statements are counted. */
  readonly counted: number;
  readonly demoStarts: number;
  readonly revocation: RevocationPace;
  /** Users of the sign-in service in a round of reconciliation. */
  readonly upstream: { readonly users: number };
  readonly vault: VaultPace;
}

/** How large the suite `vault` is. */
export interface VaultPace {
  /** People whose keys are rotated. */
  readonly rotated: number;
  /** Entries that are numbered and verified. */
  readonly auditEntries: number;
  /** People in the larger database; see `--subjects`. */
  readonly subjects: number;
}

/** How large the suite `revocation` is. */
export interface RevocationPace {
  /** Readers at a time, and people whose access is revoked under them. */
  readonly readers: number;
  readonly revokedUsers: number;
  readonly deniedRounds: number;
  /** Sites that hear of a revocation each. */
  readonly sites: number;
  readonly isolationSites: number;
  /** For each of those sites, in each phase. */
  readonly isolationEvents: number;
  /** Events a second, fewer than a quiet machine of two cores can deliver. */
  readonly isolationRate: number;
  /** Of two phases each: all well, and some in trouble. */
  readonly isolationRounds: number;
  readonly kills: number;
  /** Who visit both of two sites. */
  readonly people: number;
}

export const FULL: Pace = {
  ...{ slices: 12, sliceMs: 800, warmUpMs: 2_000, counted: 40, demoStarts: 3 },
  revocation: {
    ...{ readers: 1_000, revokedUsers: 200, deniedRounds: 100, sites: 1_000 },
    ...{ isolationSites: 1_000, isolationEvents: 2, isolationRate: 50, isolationRounds: 2 },
    ...{ kills: 100, people: 64 },
  },
  upstream: { users: 100_000 },
  vault: { rotated: 2_000, auditEntries: 1_000_000, subjects: 200_000 },
};
export const QUICK: Pace = {
  ...{ slices: 3, sliceMs: 250, warmUpMs: 300, counted: 6, demoStarts: 1 },
  revocation: {
    ...{ readers: 200, revokedUsers: 20, deniedRounds: 20, sites: 40 },
    ...{ isolationSites: 40, isolationEvents: 3, isolationRate: 40, isolationRounds: 3 },
    ...{ kills: 10, people: 32 },
  },
  upstream: { users: 3_000 },
  vault: { rotated: 200, auditEntries: 50_000, subjects: 20_000 },
};

/** What every suite is given. */
export interface SuiteContext {
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly profileDir?: string | undefined;
  /** Says on stderr what is being done. */
  note(text: string): void;
  /** Stops something when the suite ends, however it ends; the last one first. */
  defer(stop: () => Promise<void>): void;
}

export interface Options {
  readonly suites: readonly SuiteName[];
  readonly json: boolean;
  readonly quick: boolean;
  readonly save: boolean;
  readonly profileDir?: string | undefined;
  /** People in the larger database of the suite `vault`. */
  readonly subjects?: number | undefined;
}
