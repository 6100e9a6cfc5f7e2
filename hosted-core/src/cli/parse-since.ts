import { UserrefError } from '../errors/userref-error.ts';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** A time in the past: RFC 3339, or how long ago, such as `90m`, `6h`, `3d`. @throws UserrefError `invalid_request` */
export function parseSince(text: string, now: Date): Date {
  const ago = /^(\d{1,4})([mhd])$/.exec(text);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * UNITS[ago[2] as keyof typeof UNITS]);
  const time = RFC_3339.test(text) ? new Date(text) : undefined;
  if (time && !Number.isNaN(time.getTime())) return time;
  throw new UserrefError('invalid_request', {
    detail: 'A time is written as 2026-11-22T09:00:00Z, or as 90m, 6h or 3d ago.',
  });
}
