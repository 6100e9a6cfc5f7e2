/** What one check says. */
export interface Finding {
  /** Which check, such as `issuer`; stable, for scripts. */
  readonly check: string;
  readonly state: 'good' | 'warning' | 'bad' | 'skipped';
  /** One sentence, without any secret. */
  readonly says: string;
  /** What to do; there for everything that is not good. */
  readonly fix?: string;
}

export const good = (check: string, says: string): Finding => ({ check, state: 'good', says });
export const bad = (check: string, says: string, fix: string): Finding => ({
  check,
  state: 'bad',
  says,
  fix,
});
export const warning = (check: string, says: string, fix: string): Finding => ({
  ...{ check, state: 'warning', says, fix },
});
export const skipped = (check: string, says: string): Finding => ({ check, state: 'skipped', says });
