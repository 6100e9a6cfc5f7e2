import type { UserrefPaths } from '@userref/sdk-core';

/** What Next.js does to addresses, and has to be undone or foreseen. */
export interface Addresses {
  /** `basePath` of `next.config`, or nothing. Handlers do not see it, and redirects of pages must not have it. */
  readonly basePath: string;
  /**
   * Path and query of one of the SDK's own addresses as they are configured, or `null` for any other. With
   * `trailingSlash` Next.js adds a slash.
   */
  ownTarget(target: string): string | null;
}

const FORM = /^(?:\/[A-Za-z0-9._~-]+)*$/;

export function isBasePath(value: unknown): value is string {
  return typeof value === 'string' && FORM.test(value);
}

/** The SDK's addresses below one folder. */
export function pathsBelow(folder: string): UserrefPaths {
  return {
    login: `${folder}/login`,
    callback: `${folder}/callback`,
    logout: `${folder}/logout`,
    webhook: `${folder}/webhook`,
    backchannelLogout: `${folder}/backchannel-logout`,
  };
}

/** Where `useUser()` asks: beside the path of `login`. */
export function sessionPathBeside({ login }: Pick<UserrefPaths, 'login'>): string {
  return login.replace(/[^/]*\/?$/, 'session');
}

export function ownTargetOf(target: string, isOwn: (path: string) => boolean): string | null {
  const end = target.search(/\?|$/);
  const path = target.slice(0, end);
  const own = [path, path.replace(/\/$/, '')].find(isOwn);
  return own === undefined ? null : own + target.slice(end);
}
