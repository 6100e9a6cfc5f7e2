import type { ErrorEntry, Registries } from './registries.ts';
import { groupOf } from './visitors/texts.ts';

/** How every page of the reference begins. */
export const HEAD =
  '<!-- Generated from docs/contract by `npm run contract`. Do not edit: change the registry there. -->\n\n';

/** The reference pages, by file name. */
export function referencePages(registries: Registries): Record<string, string> {
  return {
    'errors.md': HEAD + errorsPage(registries.errors),
    ...Object.fromEntries(
      registries.errors.map((entry) => [`errors/${entry.code}.md`, HEAD + errorPage(entry, registries)]),
    ),
    'events.md': HEAD + eventsPage(registries),
    'claims.md': HEAD + claimsPage(registries),
    'scopes.md': HEAD + scopesPage(registries),
    'attributes.md': HEAD + attributesPage(registries),
    'audit-actions.md': HEAD + auditActionsPage(registries),
  };
}

function errorsPage(errors: readonly ErrorEntry[]): string {
  const wire = errors.filter((entry) => entry.status !== undefined);
  const local = errors.filter((entry) => entry.status === undefined);
  return `# Errors

The core and the cell answer errors as \`application/problem+json\` (RFC 9457) with \`code\`, \`request_id\` and
\`retryable\`. OAuth endpoints use OAuth errors instead (RFC 6749 §5.2). SDKs throw \`UserrefError\` with the same \`code\`.
Switch on \`code\`; titles and details may change.

## On the wire

${wire.map(errorSection).join('\n')}
## Thrown by an SDK

${local.map(errorSection).join('\n')}`;
}

/** Where `helpUrl` of an error leads: one page a code. */
function errorPage(entry: ErrorEntry, registries: Registries): string {
  const { group } = groupOf(entry.code, registries['visitor-texts']);
  return `# ${entry.title}

\`${entry.code}\` · ${factsOf(entry)}

${entry.detail}

## What to do

${entry.fix}

\`userref explain ${entry.code}\` says the same on the command line. [All codes](../errors.md) ·
[what visitors read](../visitor-texts.md#${group})
`;
}

function factsOf(entry: ErrorEntry): string {
  const facts = [
    entry.status === undefined ? undefined : `HTTP ${entry.status}`,
    `from: ${entry.where.join(', ')}`,
    entry.retryable ? 'retryable' : 'not retryable',
  ];
  return facts.filter((fact) => fact !== undefined).join(' · ');
}

function errorSection(entry: ErrorEntry): string {
  return `### ${entry.code}

${entry.title} · ${factsOf(entry)}

${entry.detail}

**What to do:** ${entry.fix}
`;
}

function eventsPage(registries: Registries): string {
  const rows = registries.events.map((event) => [
    `\`${event.type}\``,
    event.summary,
    Object.keys(event.data).map(code).join(', ') || '–',
    event.siteMust,
  ]);
  const reasons = registries['revocation-reasons'].map((entry) => [code(entry.reason), entry.meaning]);
  return `# Events

Sent as webhooks (Standard Webhooks): headers \`webhook-id\`, \`webhook-timestamp\`, \`webhook-signature\`; body
\`{ "type": "…", "timestamp": "…", "data": { … } }\`. At least once, in order per user where possible: drop a
\`webhook-id\` that you have seen. Events carry identifiers of this site only and no personal data.

${table(['type', 'what happened', 'data', 'the site must'], rows)}
## Reasons

${table(['reason', 'meaning'], reasons)}`;
}

function claimsPage(registries: Registries): string {
  const rows = registries.claims.map((claim) => [
    code(claim.name),
    claim.type,
    claim.presence,
    claim.meaning,
  ]);
  return `# Claims of the passport

A passport is an ID token, signed with ES256, \`typ: JWT\`. It holds no personal data. Claims marked *reserved* are
named here and not sent yet.

${table(['claim', 'type', 'presence', 'meaning'], rows)}`;
}

function scopesPage(registries: Registries): string {
  const rows = registries.scopes.map((scope) => [code(scope.name), scope.presence, scope.meaning]);
  return `# Scopes

Each name of the [attribute catalogue](attributes.md) is a scope too: asking for it asks the person. Besides:

${table(['scope', 'presence', 'meaning'], rows)}`;
}

function attributesPage(registries: Registries): string {
  const rows = registries.attributes.attributes.map((attribute) => [
    code(attribute.name),
    attribute.labels.en ?? '',
    attribute.class,
    attribute.schema.type,
    attribute.derived === undefined ? '–' : `worked out from \`${attribute.derived.from}\``,
    attribute.mask,
  ]);
  return `# Attributes

${registries.attributes.description}

${table(['name', 'label', 'class', 'type', 'derived', 'mask'], rows)}`;
}

function auditActionsPage(registries: Registries): string {
  const rows = registries['audit-actions'].map((entry) => [code(entry.action), entry.where, entry.meaning]);
  return `# Audit actions

Entries hold no personal data: an action of this list, opaque ids and counts. The core and the cell each keep their own.

${table(['action', 'log', 'meaning'], rows)}`;
}

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

/** As code in Markdown. */
export function code(text: string): string {
  return `\`${text}\``;
}
