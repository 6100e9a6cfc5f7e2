import type { AuditEntry } from '../../audit/audit-log.ts';
import { UserrefError } from '../../errors/userref-error.ts';

/** What was asked for, as errors and audit entries name it. */
export interface AskedFor {
  readonly tenantId: string;
  readonly names: readonly string[];
  readonly purpose: string;
  readonly requestId?: string | undefined;
}

export interface MissingConsents {
  /** Where the site takes requests to ask the person, if it has said. */
  readonly ask_at: string | null;
  readonly missing: readonly { readonly attribute: string; readonly expired: boolean }[];
}

/** `consent_expired` when all that is missing was agreed to once, else `consent_required`. */
export function consentRefusal(
  { names, purpose }: Pick<AskedFor, 'names' | 'purpose'>,
  { missing, ask_at: askAt }: MissingConsents,
  issuer: string,
): UserrefError {
  const attributes = names.filter((name) => missing.some((one) => one.attribute === name));
  return new UserrefError(missing.every((one) => one.expired) ? 'consent_expired' : 'consent_required', {
    extensions: {
      attributes,
      purpose,
      ...(askAt && { consent_url: consentUrl(askAt, { issuer, attributes, purpose }) }),
    },
  });
}

/** The site's own address that starts a login from outside (OpenID Connect Core §4), told what to ask for. */
function consentUrl(
  askAt: string,
  wanted: { issuer: string; attributes: readonly string[]; purpose: string },
): string {
  const url = new URL(askAt);
  url.searchParams.set('iss', wanted.issuer);
  url.searchParams.set('attributes', wanted.attributes.join(','));
  url.searchParams.set('purpose', wanted.purpose);
  return url.href;
}

/** Without a decision for one that is filled in where it is made. */
export function entryFor(
  asked: AskedFor,
  action: AuditEntry['action'],
  decision?: { readonly site_id: string; readonly audit_ref?: string },
): AuditEntry {
  return {
    tenantId: asked.tenantId,
    action,
    siteId: decision?.site_id,
    subjectRef: decision?.audit_ref,
    requestId: asked.requestId,
    data: { attributes: asked.names, purpose: asked.purpose },
  };
}
