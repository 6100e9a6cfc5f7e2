import type { Registries } from './registries.ts';

/** How every file of the contract begins in PHP. */
export const HEAD = `<?php

// Generated from docs/contract by \`npm run contract\`. Do not edit: change the registry there.

declare(strict_types=1);

namespace Userref\\Contract;
`;

/** The contract as the PHP client needs it: one enum or class a file, by file name. */
export function phpFiles(registries: Registries): Record<string, string> {
  const { errors, events, claims } = registries;
  return {
    'ErrorCode.php': errorCode(errors),
    'EventType.php': eventType(events),
    'RevocationReason.php': simpleEnum(
      'RevocationReason',
      'Why a session or an access ended. More may be added: treat an unknown one as a plain end.',
      registries['revocation-reasons'].map(({ reason, meaning }) => [reason, meaning]),
    ),
    'AttributeName.php': simpleEnum(
      'AttributeName',
      'Names of the default catalogue; operators may add their own, so names are plain strings elsewhere.',
      registries.attributes.attributes.map(({ name, labels }) => [name, labels['en'] ?? name]),
    ),
    'Scope.php': simpleEnum(
      'Scope',
      'Scopes besides the attribute scopes.',
      registries.scopes
        .filter(({ presence }) => presence === 'available')
        .map(({ name, meaning }) => [name, meaning]),
    ),
    'AssuranceLevel.php': simpleEnum('AssuranceLevel', 'How surely the person was recognised.', [
      ['low', ''],
      ['substantial', ''],
      ['high', ''],
    ]),
    'PassportClaims.php': passportClaims(claims),
  };
}

function simpleEnum(name: string, comment: string, cases: readonly (readonly [string, string])[]): string {
  const lines = cases.map(
    ([value, meaning]) => `${docComment(meaning)}    case ${pascal(value)} = ${quote(value)};\n`,
  );
  return `${HEAD}
/** ${comment} */
enum ${name}: string
{
${lines.join('')}}
`;
}

function errorCode(errors: Registries['errors']): string {
  const methods = [
    textOfCode('title', 'Short title.', errors),
    textOfCode('detail', 'What happened, in general.', errors),
    textOfCode('fix', 'What to do about it.', errors),
  ];
  const retryable = errors.filter(({ retryable: holds }) => holds).map(({ code }) => `self::${pascal(code)}`);
  return `${HEAD}
/** Every error code: those of the wire and those that a client throws by itself. They stay stable. */
enum ErrorCode: string
{
${errors.map(({ code }) => `    case ${pascal(code)} = ${quote(code)};\n`).join('')}
${methods.join('\n')}
    /** Whether the same call may succeed a little later. */
    public function isTransient(): bool
    {
        return in_array($this, [
${retryable.map((name) => `            ${name},\n`).join('')}        ], true);
    }

    /** Where the code is explained. */
    public function helpUrl(): string
    {
        return 'https://userref.dev/errors/' . $this->value;
    }
}
`;
}

function eventType(events: Registries['events']): string {
  const cases = events.map(
    ({ type, summary, siteMust }) =>
      `${docComment(`${summary} The site must: ${siteMust}`)}    case ${pascal(type)} = ${quote(type)};\n`,
  );
  const members = events.map(
    ({ type, data }) =>
      `            self::${pascal(type)} => [${Object.keys(data).map(quote).join(', ')}],\n`,
  );
  return `${HEAD}
/** Every type of event that is sent as a webhook. */
enum EventType: string
{
${cases.join('')}
    /**
     * The members of \`data\` that an event of this type must have.
     *
     * @return list<string>
     */
    public function members(): array
    {
        return match ($this) {
${members.join('')}        };
    }
}
`;
}

function passportClaims(claims: Registries['claims']): string {
  const required = claims.filter(({ presence }) => presence === 'always').map(({ name }) => name);
  return `${HEAD}
/** What a passport must say. */
final class PassportClaims
{
    /** The version of the passport that this code reads. */
    public const VERSION = 1;

    /** Claims that every passport has. */
    public const REQUIRED = [
${required.map((name) => `        ${quote(name)},\n`).join('')}    ];
}
`;
}

function textOfCode(name: 'title' | 'detail' | 'fix', comment: string, errors: Registries['errors']): string {
  const arms = errors.map((entry) => `            self::${pascal(entry.code)} => ${quote(entry[name])},\n`);
  return `    /** ${comment} */
    public function ${name}(): string
    {
        return match ($this) {
${arms.join('')}        };
    }
`;
}

function docComment(text: string): string {
  return text === '' ? '' : `    /** ${text.replaceAll('*/', '* /')} */\n`;
}

/** \`consent.withdrawn\` is ConsentWithdrawn. */
function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** A string as PHP source. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
