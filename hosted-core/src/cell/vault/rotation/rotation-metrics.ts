import type { Metric } from '../../../observability/metrics.ts';
import { KeyCache } from '../key-cache.ts';
import type { KeyLifecycle, RotationStatus } from './key-lifecycle.ts';

/** Counting what is left reads whole tables, so it is done at most so often, however often somebody asks. */
const FRESH_MS = 15_000;

const FIGURES: readonly {
  readonly name: string;
  readonly help: string;
  /** `null` for what nobody knows. */
  readonly of: (rotation: RotationStatus) => number | null;
}[] = [
  {
    name: 'userref_key_rotation_remaining',
    help: 'What the latest rotation of a kind and class has left: data keys (kek) or people.',
    of: ({ remaining }) => remaining,
  },
  {
    name: 'userref_key_rotation_moved',
    help: 'What it has moved so far.',
    of: ({ moved }) => moved,
  },
  {
    name: 'userref_key_rotation_unreadable',
    help: 'What it had to leave because it does not open.',
    of: ({ unreadable }) => unreadable,
  },
  {
    name: 'userref_key_rotation_seconds_left',
    help: 'Estimate from the speed of the last seconds; absent while nobody knows.',
    of: ({ secondsLeft }) => secondsLeft,
  },
  {
    name: 'userref_key_rotation_finished',
    help: '1 when nothing is left to move, else 0.',
    of: ({ state }) => (state === 'finished' ? 1 : 0),
  },
];

/** How rotations of a tenant's keys stand, as figures. */
export function rotationMetrics({
  keys,
  tenantId,
}: {
  keys: Pick<KeyLifecycle, 'rotations'>;
  tenantId: string;
}): () => Promise<Metric[]> {
  const latest = new KeyCache<readonly RotationStatus[]>({ ttlMs: FRESH_MS, maxEntries: 1 });
  return async () => {
    const rotations = await latest.get('', () => keys.rotations(tenantId));
    return FIGURES.map(({ name, help, of }) => ({
      name,
      help,
      samples: rotations.flatMap((rotation) => {
        const value = of(rotation);
        const labels = { kind: rotation.kind, class: rotation.class };
        return value === null ? [] : [{ labels, value }];
      }),
    }));
  };
}
