import { isObject } from '../../src/encoding/strict-json.ts';
import { Problem } from '../console/problem.ts';
import { askCore } from './ask-core.ts';
import type { SiteSettings } from './site-settings.ts';

/** What is registered for the site, as `GET /v1/site` tells it. */
export interface SiteDescription {
  readonly site: string;
  readonly name: string;
  readonly origin: string;
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris: readonly string[];
  /** Not told by cores that know no previews. */
  readonly mode?: string;
  readonly preview_patterns?: readonly string[];
  readonly sealed: boolean;
  readonly attributes: readonly { readonly name: string; readonly label: string; readonly schema: object }[];
  readonly purposes: readonly {
    readonly purpose: string;
    readonly title: string;
    readonly version: number;
  }[];
  readonly webhook_endpoints: readonly {
    readonly endpoint_id: string;
    readonly kind: string;
    readonly url: string | null;
    readonly state: string;
    readonly parked: number;
  }[];
}

const LISTS = ['redirect_uris', 'post_logout_redirect_uris', 'attributes', 'purposes', 'webhook_endpoints'];

/** @throws Problem as {@link askCore}, and for an answer that is none */
export async function fetchSiteDescription(settings: SiteSettings): Promise<SiteDescription> {
  const body = await askCore(settings, '/v1/site');
  const isWhole = LISTS.every((name) => Array.isArray(body[name]) && body[name].every((one) => one !== null));
  if (isWhole && isObject(body) && typeof body.site === 'string') return body as unknown as SiteDescription;
  throw new Problem({
    what: 'The core’s answer is not what this version expects.',
    fix: 'Bring the core and @userref/sdk-core to versions of the same time.',
  });
}
