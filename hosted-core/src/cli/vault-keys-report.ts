import type { KeysStatus, RotationStatus } from '../cell/vault/rotation/key-lifecycle.ts';
import type { UnreadableKeys } from '../cell/vault/rotation/quarantine.ts';

/** The status for scripts: snake_case, times in RFC 3339. */
export function statusJson({ keys, rotations }: KeysStatus): Record<string, unknown> {
  return {
    keys: keys.map((key) => ({
      class: key.class,
      version: key.version,
      state: key.state,
      in_use: key.inUse,
      quarantined: key.quarantined,
      min_decryption_version: key.floor,
      created_at: key.created_at.toISOString(),
      state_changed_at: key.state_changed_at.toISOString(),
    })),
    rotations: rotations.map(rotationJson),
  };
}

export function rotationJson(rotation: RotationStatus): Record<string, unknown> {
  return {
    kind: rotation.kind.replace('_', '-'),
    class: rotation.class,
    state: rotation.state,
    to_version: rotation.to_version,
    started_at: rotation.started_at.toISOString(),
    finished_at: rotation.finished_at?.toISOString() ?? null,
    moved: rotation.moved,
    remaining: rotation.remaining,
    unreadable: rotation.unreadable,
    per_second: rotation.per_second === null ? null : Math.round(rotation.per_second),
    seconds_left: rotation.secondsLeft,
  };
}

/** The status for people. */
export function keysTable({ keys, rotations }: KeysStatus): string {
  if (keys.length === 0) return 'No keys yet: the vault makes them when it first stores something.';
  const width = Math.max(...keys.map((key) => key.class.length));
  const lines = keys.map((key) => {
    const aside = key.quarantined > 0 ? `, ${key.quarantined} set aside` : '';
    const use = key.state === 'destroyed' ? '' : `${key.inUse} in use${aside}`;
    return `${key.class.padEnd(width)}  v${key.version}  ${key.state.padEnd(12)}  ${use}`.trimEnd();
  });
  return [...lines, ...rotations.map(progressLine)].join('\n');
}

/** One line on one rotation, such as `kek contact → v2: 1200 left, about 3 min`. */
export function progressLine(rotation: RotationStatus): string {
  const target = rotation.to_version === null ? '' : ` → v${rotation.to_version}`;
  const name = `${rotation.kind.replace('_', '-')} ${rotation.class}${target}`;
  const lost = rotation.unreadable > 0 ? `, ${rotation.unreadable} do not open (see: keys unreadable)` : '';
  if (rotation.state === 'finished') return `${name}: finished${lost}`;
  if (rotation.state === 'waiting')
    return `${name}: published, in use in ${duration(Math.ceil(rotation.ms_to_flip / 1_000))}; ${rotation.remaining} to move`;
  if (rotation.remaining <= rotation.unreadable)
    return `${name}: everything is moved; late writers are waited for, ${duration(rotation.secondsLeft ?? 0)} more${lost}`;
  const left =
    rotation.secondsLeft === null ? 'time not known yet' : `about ${duration(rotation.secondsLeft)}`;
  return `${name}: ${rotation.remaining} left, ${left}${lost}`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.ceil(seconds / 3_600)} h`;
}

/** What does not open, for people. */
export function unreadableText(keyClass: string, found: readonly UnreadableKeys[]): string {
  if (found.length === 0) return `Every data key of ${keyClass} under an older version opens.`;
  const lines = found.map(({ version, reason, keys, people }) => {
    const why = reason === 'damaged' ? 'damaged' : 'their version is closed';
    return [
      `${keyClass} v${version}: ${keys} data key(s) do not open (${why}). People, as the audit log names them:`,
      ...people.map((one) => `  ${one}`),
    ];
  });
  return lines.flat().join('\n');
}
