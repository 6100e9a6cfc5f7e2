import { EventEmitter } from 'node:events';
import type { TourEvent, TourEventSource, TourStep } from './tour-event.ts';

/** What has happened so far: the newest event of each step. */
export interface Progress {
  readonly done: ReadonlyMap<TourStep, TourEvent>;
  record(event: TourEvent): void;
  /** Calls `listener` after every change; returns how to stop. */
  subscribe(listener: () => void): () => void;
  /** Stops following the source. */
  close(): void;
}

export function followProgress(source: TourEventSource): Progress {
  const done = new Map<TourStep, TourEvent>();
  const changes = new EventEmitter().setMaxListeners(0);
  const record = (event: TourEvent) => {
    done.set(event.step, event);
    changes.emit('change');
  };
  return {
    done,
    record,
    subscribe(listener) {
      changes.on('change', listener);
      return () => changes.off('change', listener);
    },
    close: follow(source, record),
  };
}

function follow(source: TourEventSource, record: (event: TourEvent) => void): () => void {
  if (source instanceof EventEmitter) {
    source.on('step', record);
    return () => source.off('step', record);
  }
  const iterator = (source as AsyncIterable<TourEvent>)[Symbol.asyncIterator]();
  const pull = async () => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) record(next.value);
  };
  // A source that fails ends the live ticks, not the demo.
  void pull().catch(() => {});
  return () => void iterator.return?.();
}
